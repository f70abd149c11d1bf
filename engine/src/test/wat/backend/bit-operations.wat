;;! stage = asm
(module
  (memory 1)
  (func $set-bit (param i32 i32) (result i32)
    (i32.or (local.get 0) (i32.shl (i32.const 1) (local.get 1))))
  (func $clear-bit (param i64 i64) (result i64)
    (i64.and (i64.rotl (i64.const -2) (local.get 1)) (local.get 0)))
  (func $flip-bit (param i64 i64) (result i64)
    (i64.xor (local.get 0) (i64.shl (i64.const 1) (local.get 1))))
  (func $clear-sign (param i64) (result i64)
    (i64.and (local.get 0) (i64.const 0x7fffffffffffffff)))
  (func $set-high-bit (param i64) (result i64)
    (i64.or (local.get 0) (i64.const 0x100000000)))
  (func $without-lowest (param i32) (result i32)
    (i32.and (local.get 0) (i32.sub (local.get 0) (i32.const 1))))
  (func $lowest (param i64) (result i64)
    (i64.and (local.get 0) (i64.sub (i64.const 0) (local.get 0))))
  (func $up-to-lowest (param i64) (result i64)
    (i64.xor (local.get 0) (i64.sub (local.get 0) (i64.const 1))))
  (func $shift-of-living (param i32) (result i32)
    (i32.xor (i32.shl (local.get 0) (i32.const 3)) (local.get 0)))
  ;; no bit is shifted out, so the address may do it
  (func $scaled-index (param i32) (result i64)
    (i64.load offset=16 (i32.shl (i32.and (local.get 0) (i32.const 255)) (i32.const 3))))
  (func $wrapping-index (param i32) (result i64)
    (i64.load offset=16 (i32.shl (local.get 0) (i32.const 3)))))
;; ;; set-bit
;; L0:
;;      0: bts edi,esi
;;      3: mov eax,edi
;;      5: ret
;; ;; clear-bit
;; L0:
;;      0: btr rdi,rsi
;;      4: mov rax,rdi
;;      7: ret
;; ;; flip-bit
;; L0:
;;      0: btc rdi,rsi
;;      4: mov rax,rdi
;;      7: ret
;; ;; clear-sign
;; L0:
;;      0: btr rdi,0x3f
;;      5: mov rax,rdi
;;      8: ret
;; ;; set-high-bit
;; L0:
;;      0: bts rdi,0x20
;;      5: mov rax,rdi
;;      8: ret
;; ;; without-lowest
;; L0:
;;      0: blsr eax,edi
;;      5: ret
;; ;; lowest
;; L0:
;;      0: blsi rax,rdi
;;      5: ret
;; ;; up-to-lowest
;; L0:
;;      0: blsmsk rax,rdi
;;      5: ret
;; ;; shift-of-living
;; L0:
;;      0: lea eax,[rdi*8+0x0]
;;      7: xor eax,edi
;;      9: ret
;; ;; scaled-index
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: movzx ecx,dil
;;      8: mov rax,QWORD PTR [rax+rcx*8+0x10]
;;      d: ret
;; ;; wrapping-index
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: lea ecx,[rdi*8+0x0]
;;      b: mov rax,QWORD PTR [rax+rcx*1+0x10]
;;     10: ret
