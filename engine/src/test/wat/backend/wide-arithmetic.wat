;;! stage = asm
;; Sums of 128 bits are two instructions, products one.
(module
  (func $add (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func $sub (param i64 i64 i64 i64) (result i64 i64)
    (i64.sub128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func $signed (param i64 i64) (result i64 i64)
    (i64.mul_wide_s (local.get 0) (local.get 1)))
  (func $unsigned (param i64 i64) (result i64 i64)
    (i64.mul_wide_u (local.get 0) (local.get 1))))
;; ;; add
;; L0:
;;      0: add rdi,rdx
;;      3: adc rsi,rcx
;;      6: mov rdx,rsi
;;      9: mov rax,rdi
;;      c: ret
;; ;; sub
;; L0:
;;      0: sub rdi,rdx
;;      3: sbb rsi,rcx
;;      6: mov rdx,rsi
;;      9: mov rax,rdi
;;      c: ret
;; ;; signed
;; L0:
;;      0: mov rax,rdi
;;      3: imul rsi
;;      6: ret
;; ;; unsigned
;; L0:
;;      0: mov rdx,rdi
;;      3: mulx rdx,rax,rsi
;;      8: ret
