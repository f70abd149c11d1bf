;;! stage = asm
;; Zero faults in the instruction; -1 is taken out of line.
(module
  (func $div (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $rem (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func $unsigned (param i32 i32) (result i32) (i32.rem_u (local.get 0) (local.get 1))))
;; ;; div
;; L0:
;;      0: mov eax,edi
;;      2: cmp esi,0xffffffff
;;      5: je 0xb
;;      7: cdq
;;      8: idiv esi
;; L2:
;;      a: ret
;; L3:
;;      b: neg eax
;;      d: jo 0x11
;;      f: jmp 0xa
;; L8:
;;     11: ud2
;; ;; rem
;; L0:
;;      0: mov rax,rdi
;;      3: cmp rsi,0xffffffffffffffff
;;      7: je 0x12
;;      9: cqo
;;      b: idiv rsi
;; L2:
;;      e: mov rax,rdx
;;     11: ret
;; L3:
;;     12: xor edx,edx
;;     14: jmp 0xe
;; ;; unsigned
;; L0:
;;      0: mov eax,edi
;;      2: xor edx,edx
;;      4: div esi
;; L2:
;;      6: mov eax,edx
;;      8: ret
