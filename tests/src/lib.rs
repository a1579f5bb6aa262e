//! What the tests share: the C compiler, and the library built by the workspace.
