;;! stage = asm
;; A load moves into its user only if nothing with an effect lies between: not over the store, and
;; not over another load that may trap first.
(module
  (memory 1)
  (func $over-store (param i32 i32) (result i32) (local $x i32)
    (local.set $x (i32.load (local.get 0)))
    (i32.store (local.get 1) (i32.const 7))
    (i32.xor (local.get $x) (local.get 1)))
  (func $two-loads (param i32 i32) (result i32)
    (i32.xor (i32.load (local.get 0)) (i32.load (local.get 1))))
  (func $unused (param i32)
    (drop (i32.load8_u (local.get 0)))))
;; ;; over-store
;; L0:
;;      0: mov eax,edi
;;      2: mov ecx,esi
;;      4: mov rdx,QWORD PTR [r15+0x28]
;;      8: mov eax,DWORD PTR [rdx+rax*1]
;;      b: mov DWORD PTR [rdx+rcx*1],0x7
;;     12: xor eax,ecx
;;     14: ret
;; ;; two-loads
;; L0:
;;      0: mov eax,edi
;;      2: mov ecx,esi
;;      4: mov rdx,QWORD PTR [r15+0x28]
;;      8: mov eax,DWORD PTR [rdx+rax*1]
;;      b: xor eax,DWORD PTR [rdx+rcx*1]
;;      e: ret
;; ;; unused
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: movzx eax,BYTE PTR [rcx+rax*1]
;;      a: ret
