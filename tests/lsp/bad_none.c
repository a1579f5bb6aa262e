/* bad_none.c - a library that is no provider: WSPStartup is missing.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The linker takes no empty file. */
int bad_none(void);

int bad_none(void)
{
    return 0;
}
