;;! stage = asm
(module
  (func $variable-bit (param i32 i32) (result i32)
    (if (result i32) (i32.and (i32.shr_u (local.get 0) (local.get 1)) (i32.const 1))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $variable-mask (param i64 i64) (result i32)
    (if (result i32)
      (i64.eqz (i64.and (i64.shl (i64.const 1) (local.get 1)) (local.get 0)))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $high-bit (param i64) (result i32)
    (if (result i32) (i64.ne (i64.and (local.get 0) (i64.const 0x10000000000)) (i64.const 0))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $shifted-field (param i32) (result i32)
    (if (result i32) (i32.and (i32.shr_u (local.get 0) (i32.const 5)) (i32.const 3))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $byte-mask (param i64) (result i32)
    (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.const 0x80)))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $wide-mask (param i32) (result i32)
    (if (result i32) (i32.and (local.get 0) (i32.const 0x80000001))
      (then (i32.const 5)) (else (i32.const 6)))))
;; ;; variable-bit
;; L0:
;;      0: mov ecx,0x5
;;      5: bt edi,esi
;;      8: mov eax,0x6
;;      d: cmovb eax,ecx
;;     10: ret
;; ;; variable-mask
;; L0:
;;      0: bt rdi,rsi
;;      4: jb 0xd
;; L1:
;;      6: mov eax,0x5
;;      b: jmp 0x12
;; L2:
;;      d: mov eax,0x6
;; L3:
;;     12: ret
;; ;; high-bit
;; L0:
;;      0: mov ecx,0x5
;;      5: bt rdi,0x28
;;      a: mov eax,0x6
;;      f: cmovb eax,ecx
;;     12: ret
;; ;; shifted-field
;; L0:
;;      0: mov ecx,0x5
;;      5: test dil,0x60
;;      9: mov eax,0x6
;;      e: cmovne eax,ecx
;;     11: ret
;; ;; byte-mask
;; L0:
;;      0: mov ecx,0x5
;;      5: test dil,0x80
;;      9: mov eax,0x6
;;      e: cmove eax,ecx
;;     11: ret
;; ;; wide-mask
;; L0:
;;      0: mov ecx,0x5
;;      5: test edi,0x80000001
;;      b: mov eax,0x6
;;     10: cmovne eax,ecx
;;     13: ret
