;;! stage = asm
;;! tunables = no-spectre
;; An offset beyond the guard is checked even with signals.
(module
  (memory 1)
  (func $near (param i32) (result i64) (i64.load offset=0x1fffff8 (local.get 0)))
  (func $far (param i32) (result i64) (i64.load offset=0x1fffff9 (local.get 0)))
  (func $very-far (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0))))
;; ;; near
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: mov rax,QWORD PTR [rcx+rax*1+0x1fffff8]
;;      e: ret
;; ;; far
;; L0:
;;      0: mov ecx,edi
;;      2: mov rax,QWORD PTR [r15+0x28]
;;      6: add rcx,0x2000001
;;      d: cmp rcx,QWORD PTR [r15+0x40]
;;     11: ja 0x19
;;     13: mov rax,QWORD PTR [rax+rcx*1-0x8]
;;     18: ret
;; L2:
;;     19: ud2
;; ;; very-far
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: movabs rdx,0x100000007
;;     10: add rax,rdx
;;     13: cmp rax,QWORD PTR [r15+0x40]
;;     17: ja 0x1f
;;     19: mov rax,QWORD PTR [rcx+rax*1-0x8]
;;     1e: ret
;; L2:
;;     1f: ud2
