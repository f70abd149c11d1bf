;;! stage = asm
;;! isa = avx avx2 fma avx512
;; Where AVX2 and AVX-512 save instructions.
(module
  (memory 1)
  (func $multiply (param v128 v128) (result v128)
    (i64x2.mul (local.get 0) (local.get 1)))
  (func $select (param v128 v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (local.get 2)))
  (func $abs (param v128) (result v128)
    (i64x2.abs (local.get 0)))
  (func $shift (param v128 i32) (result v128)
    (i64x2.shr_s (i64x2.shr_s (local.get 0) (local.get 1)) (i32.const 65)))
  (func $convert (param v128) (result v128)
    (f32x4.convert_i32x4_u (local.get 0)))
  (func $truncate (param v128) (result v128)
    (i32x4.trunc_sat_f64x2_u_zero (local.get 0)))
  (func $broadcast (param i32) (result v128)
    (i8x16.add (i8x16.splat (local.get 0)) (v128.load16_splat (local.get 0))))
  (func $fused (param i32 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 1) (v128.load (local.get 0)) (local.get 2))))
;; ;; multiply
;; L0:
;;      0: vpmullq xmm0,xmm0,xmm1
;;      6: ret
;; ;; select
;; L0:
;;      0: vpternlogd xmm2,xmm0,xmm1,0xca
;;      7: movaps xmm0,xmm2
;;      a: ret
;; ;; abs
;; L0:
;;      0: vpabsq xmm0,xmm0
;;      6: ret
;; ;; shift
;; L0:
;;      0: and edi,0x3f
;;      3: vmovd xmm1,edi
;;      7: vpsraq xmm0,xmm0,xmm1
;;      d: vpsraq xmm0,xmm0,0x1
;;     14: ret
;; ;; convert
;; L0:
;;      0: vcvtudq2ps xmm0,xmm0
;;      6: ret
;; ;; truncate
;; L0:
;;      0: xorps xmm1,xmm1
;;      3: vmaxpd xmm0,xmm0,xmm1
;;      7: vcvttpd2udq xmm0,xmm0
;;      d: ret
;; ;; broadcast
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vmovd xmm0,eax
;;      a: vpbroadcastb xmm0,xmm0
;;      f: vpbroadcastw xmm1,WORD PTR [rcx+rax*1]
;;     15: vpaddb xmm0,xmm0,xmm1
;;     19: ret
;; ;; fused
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vfmadd231ps xmm1,xmm0,XMMWORD PTR [rcx+rax*1]
;;      c: movaps xmm0,xmm1
;;      f: ret
