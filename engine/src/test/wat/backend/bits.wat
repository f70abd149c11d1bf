;;! stage = asm
;;! isa = bmi1 bmi2 lzcnt
(module
  (func $clz (param i32) (result i32) (i32.clz (local.get 0)))
  (func $ctz (param i64) (result i64) (i64.ctz (local.get 0)))
  (func $shift (param i64 i64) (result i64) (i64.shr_u (local.get 0) (local.get 1))))
;; ;; clz
;; L0:
;;      0: lzcnt eax,edi
;;      4: ret
;; ;; ctz
;; L0:
;;      0: tzcnt rax,rdi
;;      5: ret
;; ;; shift
;; L0:
;;      0: shrx rax,rdi,rsi
;;      5: ret
