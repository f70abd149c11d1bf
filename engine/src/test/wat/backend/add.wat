;;! stage = asm
;; A leaf function without a frame; three-operand addition by lea.
(module
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $constant (param i64) (result i64) (i64.add (local.get 0) (i64.const -3)))
  (func $scaled (param i32 i32) (result i32)
    (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 3))))
  (func $zero (result i32) (i32.const 0)))
;; ;; add
;; L0:
;;      0: lea eax,[rdi+rsi*1]
;;      3: ret
;; ;; constant
;; L0:
;;      0: lea rax,[rdi-0x3]
;;      4: ret
;; ;; scaled
;; L0:
;;      0: lea eax,[rdi+rsi*8]
;;      3: ret
;; ;; zero
;; L0:
;;      0: xor eax,eax
;;      2: ret
