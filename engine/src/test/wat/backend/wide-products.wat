;;! stage = asm
;; A product written out as four of halves is one instruction that gives both halves; a factor may
;; come from memory.
(module
  (memory 1)
  (func $product (param $a i64) (param $b i64) (result i64 i64)
    (local $p00 i64) (local $t i64) (local $m i64)
    (local.set $p00 (i64.mul
      (i64.and (local.get $a) (i64.const 0xFFFFFFFF))
      (i64.and (local.get $b) (i64.const 0xFFFFFFFF))))
    (local.set $t (i64.add
      (i64.mul (i64.shr_u (local.get $a) (i64.const 32))
               (i64.and (local.get $b) (i64.const 0xFFFFFFFF)))
      (i64.shr_u (local.get $p00) (i64.const 32))))
    (local.set $m (i64.add
      (i64.mul (i64.and (local.get $a) (i64.const 0xFFFFFFFF))
               (i64.shr_u (local.get $b) (i64.const 32)))
      (i64.and (local.get $t) (i64.const 0xFFFFFFFF))))
    (i64.mul (local.get $a) (local.get $b))
    (i64.add
      (i64.add
        (i64.mul (i64.shr_u (local.get $a) (i64.const 32))
                 (i64.shr_u (local.get $b) (i64.const 32)))
        (i64.shr_u (local.get $t) (i64.const 32)))
      (i64.shr_u (local.get $m) (i64.const 32))))
  (func $from-memory (param $a i64) (param $at i32) (result i64 i64)
    (i64.mul_wide_u (local.get $a) (i64.load (local.get $at))))
  (func $signed-from-memory (param $a i64) (param $at i32) (result i64 i64)
    (i64.mul_wide_s (i64.load (local.get $at)) (local.get $a))))
;; ;; product
;; L0:
;;      0: mov rdx,rdi
;;      3: mulx rdx,rax,rsi
;;      8: ret
;; ;; from-memory
;; L0:
;;      0: mov eax,esi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: mov rdx,rdi
;;      9: mulx rdx,rax,QWORD PTR [rcx+rax*1]
;;      f: ret
;; ;; signed-from-memory
;; L0:
;;      0: mov ecx,esi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov rax,rdi
;;      9: imul QWORD PTR [rdx+rcx*1]
;;      d: ret
