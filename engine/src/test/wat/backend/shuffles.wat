;;! stage = asm
;; Shuffles that are one instruction, and the pair for the others.
(module
  (func $identity (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
  (func $pshufd (param v128 v128) (result v128)
    (i8x16.shuffle 28 29 30 31 20 21 22 23 16 17 18 19 24 25 26 27 (local.get 0) (local.get 1)))
  (func $pshuflw (param v128) (result v128)
    (i8x16.shuffle 2 3 0 1 6 7 4 5 8 9 10 11 12 13 14 15 (local.get 0) (local.get 0)))
  (func $pshufhw (param v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 14 15 12 13 10 11 8 9 (local.get 0) (local.get 0)))
  (func $rotate (param v128) (result v128)
    (i8x16.shuffle 5 6 7 8 9 10 11 12 13 14 15 0 1 2 3 4 (local.get 0) (local.get 0)))
  (func $pshufb (param v128) (result v128)
    (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14 (local.get 0) (local.get 0)))
  (func $punpcklbw (param v128 v128) (result v128)
    (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 1)))
  (func $punpckhwd-swapped (param v128 v128) (result v128)
    (i8x16.shuffle 24 25 8 9 26 27 10 11 28 29 12 13 30 31 14 15 (local.get 0) (local.get 1)))
  (func $punpckldq (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get 0) (local.get 1)))
  (func $punpcklqdq (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get 0) (local.get 1)))
  (func $shufpd (param v128 v128) (result v128)
    (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 (local.get 0) (local.get 1)))
  (func $shufps (param v128 v128) (result v128)
    (i8x16.shuffle 4 5 6 7 12 13 14 15 16 17 18 19 16 17 18 19 (local.get 0) (local.get 1)))
  (func $pblendw (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 18 19 4 5 22 23 8 9 10 11 28 29 30 31 (local.get 0) (local.get 1)))
  (func $palignr (param v128 v128) (result v128)
    (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1)))
  (func $insertps (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 28 29 30 31 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
  (func $with-zero (param v128) (result v128)
    (i8x16.shuffle 0 16 16 16 1 16 16 16 2 16 16 16 3 16 16 16
      (local.get 0) (v128.const i64x2 0 0)))
  (func $general (param v128 v128) (result v128)
    (i8x16.shuffle 0 17 5 22 1 16 9 31 2 3 20 21 7 6 30 8 (local.get 0) (local.get 1))))
;; ;; identity
;; L0:
;;      0: ret
;; ;; pshufd
;; L0:
;;      0: pshufd xmm0,xmm1,0x87
;;      5: ret
;; ;; pshuflw
;; L0:
;;      0: pshuflw xmm0,xmm0,0xb1
;;      5: ret
;; ;; pshufhw
;; L0:
;;      0: pshufhw xmm0,xmm0,0x1b
;;      5: ret
;; ;; rotate
;; L0:
;;      0: palignr xmm0,xmm0,0x5
;;      6: ret
;; ;; pshufb
;; L0:
;;      0: pshufb xmm0,XMMWORD PTR [rip+0x7] # 0x10
;;      9: ret
;;      a: nop WORD PTR [rax+rax*1+0x0]
;; L2:
;;     10: .byte 0x1,0x0,0x3,0x2,0x5,0x4,0x7,0x6,0x9,0x8,0xb,0xa,0xd,0xc,0xf,0xe
;; ;; punpcklbw
;; L0:
;;      0: punpcklbw xmm0,xmm1
;;      4: ret
;; ;; punpckhwd-swapped
;; L0:
;;      0: punpckhwd xmm1,xmm0
;;      4: movaps xmm0,xmm1
;;      7: ret
;; ;; punpckldq
;; L0:
;;      0: punpckldq xmm0,xmm1
;;      4: ret
;; ;; punpcklqdq
;; L0:
;;      0: punpcklqdq xmm0,xmm1
;;      4: ret
;; ;; shufpd
;; L0:
;;      0: shufpd xmm0,xmm1,0x1
;;      5: ret
;; ;; shufps
;; L0:
;;      0: shufps xmm0,xmm1,0xd
;;      4: ret
;; ;; pblendw
;; L0:
;;      0: pblendw xmm0,xmm1,0xca
;;      6: ret
;; ;; palignr
;; L0:
;;      0: palignr xmm1,xmm0,0x3
;;      6: movaps xmm0,xmm1
;;      9: ret
;; ;; insertps
;; L0:
;;      0: insertps xmm0,xmm1,0xd0
;;      6: ret
;; ;; with-zero
;; L0:
;;      0: pshufb xmm0,XMMWORD PTR [rip+0x7] # 0x10
;;      9: ret
;;      a: nop WORD PTR [rax+rax*1+0x0]
;; L2:
;;     10: .byte 0x0,0x80,0x80,0x80,0x1,0x80,0x80,0x80,0x2,0x80,0x80,0x80,0x3,0x80,0x80,0x80
;; ;; general
;; L0:
;;      0: pshufb xmm0,XMMWORD PTR [rip+0x17] # 0x20
;;      9: pshufb xmm1,XMMWORD PTR [rip+0x1e] # 0x30
;;     12: por xmm0,xmm1
;;     16: ret
;;     17: nop WORD PTR [rax+rax*1+0x0]
;; L2:
;;     20: .byte 0x0,0x80,0x5,0x80,0x1,0x80,0x9,0x80,0x2,0x3,0x80,0x80,0x7,0x6,0x80,0x8
;; L3:
;;     30: .byte 0x80,0x1,0x80,0x6,0x80,0x0,0x80,0xf,0x80,0x80,0x4,0x5,0x80,0x80,0xe,0x80
