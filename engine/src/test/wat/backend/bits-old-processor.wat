;;! stage = asm
;;! isa = none
(module
  (func $clz (param i32) (result i32) (i32.clz (local.get 0)))
  (func $ctz (param i64) (result i64) (i64.ctz (local.get 0)))
  (func $shift (param i64 i64) (result i64) (i64.shr_u (local.get 0) (local.get 1))))
;; ;; clz
;; L0:
;;      0: mov ecx,0x3f
;;      5: bsr eax,edi
;;      8: cmove eax,ecx
;;      b: xor eax,0x1f
;;      e: ret
;; ;; ctz
;; L0:
;;      0: mov ecx,0x40
;;      5: bsf rax,rdi
;;      9: cmove rax,rcx
;;      d: ret
;; ;; shift
;; L0:
;;      0: mov rcx,rsi
;;      3: shr rdi,cl
;;      6: mov rax,rdi
;;      9: ret
