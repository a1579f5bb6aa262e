/* NEED-H1: integer widths; INT and BOOL are exactly int; DWORD_PTR, ULONG_PTR and the APC's parameter are one type. A
   second declaration of an object is refused unless its type is the same. */
// must not compile: LONG_IS_LONG
#include <winsock2.h>

#define WIDTH(type, bytes) typedef char width_of_##type[sizeof(type) == (bytes) ? 1 : -1]
WIDTH(BYTE, 1);
WIDTH(CHAR, 1);
WIDTH(WORD, 2);
WIDTH(SHORT, 2);
WIDTH(DWORD, 4);
WIDTH(LONG, 4);
WIDTH(ULONG, 4);
WIDTH(INT, 4);
WIDTH(UINT, 4);
WIDTH(BOOL, 4);
WIDTH(LONGLONG, 8);
WIDTH(ULONGLONG, 8);
WIDTH(ULONG_PTR, sizeof(void *));
WIDTH(WPARAM, sizeof(void *));

extern INT same_int;
extern int same_int;
extern BOOL same_bool;
extern int same_bool;
extern LPINT same_int_pointer;
extern int *same_int_pointer;
extern DWORD_PTR same_word;
extern ULONG_PTR same_word;
extern PDWORD_PTR same_word_pointer;
extern ULONG_PTR *same_word_pointer;
extern PAPCFUNC same_apc;
extern void (CALLBACK *same_apc)(ULONG_PTR);

#ifdef LONG_IS_LONG
extern LONG same_long;
extern long same_long;
#endif
