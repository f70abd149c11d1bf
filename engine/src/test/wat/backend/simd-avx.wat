;;! stage = asm
;;! isa = avx
;; Vectors with AVX: three operands, memory operands, lanes from and to memory, constants, calls.
(module
  (import "m" "f" (func $imported (param v128 f32 v128) (result v128 i32)))
  (memory 1)
  (func $sums (param i32 v128) (result v128)
    (i32x4.add (i32x4.mul (v128.load (local.get 0)) (local.get 1))
      (v128.load offset=16 (local.get 0))))
  (func $constants (param v128) (result v128)
    (v128.xor
      (i8x16.swizzle (local.get 0) (v128.const i8x16 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14))
      (i32x4.gt_s (local.get 0) (v128.const i32x4 0 0 0 0))))
  (func $not (param v128) (result v128)
    (v128.not (local.get 0)))
  (func $lanes (param i32 v128)
    (v128.store32_lane 2 (local.get 0)
      (v128.load8_lane offset=4 5 (local.get 0) (local.get 1))))
  (func $splats (param i32) (result v128)
    (f32x4.mul (v128.load32_splat (local.get 0)) (f32x4.splat (f32.load offset=8 (local.get 0)))))
  (func $extended (param i32) (result v128)
    (v128.load8x8_u offset=3 (local.get 0)))
  (func $branch (param v128) (result i32)
    (if (result i32) (i8x16.all_true (local.get 0))
      (then (i32.const 7))
      (else (v128.any_true (local.get 0)))))
  (func $calls (param v128 v128) (result v128)
    (local $n i32)
    (call $imported (local.get 1) (f32.const 1) (local.get 0))
    (local.set $n)
    (i32x4.add (local.get 0))
    (i16x8.shl (local.get $n)))
  (func $bytes (param v128) (result v128)
    (i8x16.shr_s (i8x16.shl (local.get 0) (i32.const 3)) (i32.const 5)))
  (func $minimum (param v128 v128) (result v128)
    (f32x4.min (local.get 0) (local.get 1)))
  (func $select (param v128 v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (local.get 2))))
;; ;; sums
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vpmulld xmm0,xmm0,XMMWORD PTR [rcx+rax*1]
;;      c: vpaddd xmm0,xmm0,XMMWORD PTR [rcx+rax*1+0x10]
;;     12: ret
;; ;; constants
;; L0:
;;      0: vpshufb xmm1,xmm0,XMMWORD PTR [rip+0x17] # 0x20
;;      9: xorps xmm2,xmm2
;;      c: vpcmpgtd xmm0,xmm0,xmm2
;;     10: vpxor xmm0,xmm1,xmm0
;;     14: ret
;;     15: nop WORD PTR [rax+rax*1+0x0]
;;     1e: xchg ax,ax
;; L2:
;;     20: .byte 0x1,0x0,0x3,0x2,0x5,0x4,0x7,0x6,0x9,0x8,0xb,0xa,0xd,0xc,0xf,0xe
;; ;; not
;; L0:
;;      0: pcmpeqd xmm1,xmm1
;;      4: vpxor xmm0,xmm0,xmm1
;;      8: ret
;; ;; lanes
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vpinsrb xmm0,xmm0,BYTE PTR [rcx+rax*1+0x4],0x5
;;      e: vpextrd DWORD PTR [rcx+rax*1],xmm0,0x2
;;     15: ret
;; ;; splats
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vbroadcastss xmm0,DWORD PTR [rcx+rax*1]
;;      c: vbroadcastss xmm1,DWORD PTR [rcx+rax*1+0x8]
;;     13: vmulps xmm0,xmm0,xmm1
;;     17: ret
;; ;; extended
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: vpmovzxbw xmm0,QWORD PTR [rcx+rax*1+0x3]
;;      d: ret
;; ;; branch
;; L0:
;;      0: xorps xmm1,xmm1
;;      3: vpcmpeqb xmm1,xmm1,xmm0
;;      7: vptest xmm1,xmm1
;;      c: jne 0x15
;; L1:
;;      e: mov eax,0x7
;;     13: jmp 0x1f
;; L2:
;;     15: xor eax,eax
;;     17: vptest xmm0,xmm0
;;     1c: setne al
;; L3:
;;     1f: ret
;; ;; calls
;;      0: sub rsp,0x18
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x4b
;;      c: mov QWORD PTR [rsp+0x10],r15
;; L0:
;;     11: movups XMMWORD PTR [rsp],xmm0
;;     15: movaps xmm2,xmm0
;;     18: movaps xmm0,xmm1
;;     1b: movss xmm1,DWORD PTR [rip+0x2d] # 0x50
;;     23: mov r11,QWORD PTR [r15+0x70]
;;     27: mov r15,QWORD PTR [r15+0x78]
;;     2b: call r11
;;     2e: mov r15,QWORD PTR [rsp+0x10]
;;     33: movups xmm1,XMMWORD PTR [rsp]
;;     37: vpaddd xmm0,xmm0,xmm1
;;     3b: and eax,0xf
;;     3e: vmovd xmm1,eax
;;     42: vpsllw xmm0,xmm0,xmm1
;;     46: add rsp,0x18
;;     4a: ret
;; L2:
;;     4b: ud2
;;     4d: nop DWORD PTR [rax]
;; L4:
;;     50: .byte 0x0,0x0,0x80,0x3f
;; ;; bytes
;; L0:
;;      0: vpsllw xmm0,xmm0,0x3
;;      5: vpand xmm0,xmm0,XMMWORD PTR [rip+0x43] # 0x50
;;      d: vpsrlw xmm0,xmm0,0x5
;;     12: vpand xmm0,xmm0,XMMWORD PTR [rip+0x16] # 0x30
;;     1a: vpxor xmm0,xmm0,XMMWORD PTR [rip+0x1e] # 0x40
;;     22: vpsubb xmm0,xmm0,XMMWORD PTR [rip+0x16] # 0x40
;;     2a: ret
;;     2b: nop DWORD PTR [rax+rax*1+0x0]
;; L2:
;;     30: .byte 0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7,0x7
;; L3:
;;     40: .byte 0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4,0x4
;; L4:
;;     50: .byte 0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8,0xf8
;; ;; minimum
;; L0:
;;      0: vminps xmm2,xmm0,xmm1
;;      4: vminps xmm0,xmm1,xmm0
;;      8: vorps xmm0,xmm2,xmm0
;;      c: vcmpunordps xmm1,xmm0,xmm0
;;     11: vorps xmm0,xmm0,xmm1
;;     15: vpsrld xmm1,xmm1,0xa
;;     1a: vandnps xmm0,xmm1,xmm0
;;     1e: ret
;; ;; select
;; L0:
;;      0: vpand xmm0,xmm0,xmm2
;;      4: vpandn xmm1,xmm2,xmm1
;;      8: vpor xmm0,xmm0,xmm1
;;      c: ret
