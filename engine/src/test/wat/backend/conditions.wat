;;! stage = asm
;; Comparisons become flags: of branches, selects, traps; floats need the parity flag for equality.
(module
  (func $branch (param i32 i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (local.get 1))
      (then (i32.const 10)) (else (i32.const 20))))
  (func $select (param i64 i32 i32) (result i32)
    (select (local.get 1) (local.get 2) (i64.eqz (local.get 0))))
  (func $mask (param i32) (result i32)
    (if (result i32) (i32.and (local.get 0) (i32.const 4))
      (then (i32.const 1)) (else (i32.const 2))))
  (func $value (param i32 i32) (result i32) (i32.ge_u (local.get 0) (local.get 1)))
  (func $float-equal (param f64 f64 i32 i32) (result i32)
    (select (local.get 2) (local.get 3) (f64.eq (local.get 0) (local.get 1))))
  (func $float-less (param f32 f32) (result i32)
    (if (result i32) (f32.lt (local.get 0) (local.get 1))
      (then (i32.const 1)) (else (i32.const 0))))
  (func $float-select (param f64 f64 i32) (result f64)
    (select (local.get 0) (local.get 1) (local.get 2))))
;; ;; branch
;; L0:
;;      0: mov ecx,0xa
;;      5: cmp edi,esi
;;      7: mov eax,0x14
;;      c: cmovl eax,ecx
;;      f: ret
;; ;; select
;; L0:
;;      0: test rdi,rdi
;;      3: cmove edx,esi
;;      6: mov eax,edx
;;      8: ret
;; ;; mask
;; L0:
;;      0: mov ecx,0x1
;;      5: test dil,0x4
;;      9: mov eax,0x2
;;      e: cmovne eax,ecx
;;     11: ret
;; ;; value
;; L0:
;;      0: xor eax,eax
;;      2: cmp edi,esi
;;      4: setae al
;;      7: ret
;; ;; float-equal
;; L0:
;;      0: ucomisd xmm0,xmm1
;;      4: cmovne edi,esi
;;      7: cmovp edi,esi
;;      a: mov eax,edi
;;      c: ret
;; ;; float-less
;; L0:
;;      0: xor eax,eax
;;      2: ucomiss xmm1,xmm0
;;      5: seta al
;;      8: ret
;; ;; float-select
;; L0:
;;      0: test edi,edi
;;      2: je 0x7
;;      4: movaps xmm1,xmm0
;; L2:
;;      7: movaps xmm0,xmm1
;;      a: ret
