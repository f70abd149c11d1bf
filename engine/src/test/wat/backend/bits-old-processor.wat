;;! stage = asm
;;! isa = none
(module
  (func $clz (param i32) (result i32) (i32.clz (local.get 0)))
  (func $ctz (param i64) (result i64) (i64.ctz (local.get 0)))
  (func $shift (param i64 i64) (result i64) (i64.shr_u (local.get 0) (local.get 1))))
;; ;; clz
;; L0:
;;      0: mov r11d,0x3f
;;      6: bsr eax,edi
;;      9: cmove eax,r11d
;;      d: xor eax,0x1f
;;     10: ret
;; ;; ctz
;; L0:
;;      0: mov r11d,0x40
;;      6: bsf rax,rdi
;;      a: cmove rax,r11
;;      e: ret
;; ;; shift
;; L0:
;;      0: mov rcx,rsi
;;      3: shr rdi,cl
;;      6: mov rax,rdi
;;      9: ret
