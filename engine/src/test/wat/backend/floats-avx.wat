;;! stage = asm
;;! isa = avx
(module
  (func $arithmetic (param f64 f64) (result f64)
    (f64.mul (f64.add (local.get 0) (f64.const 1.5)) (local.get 1)))
  (func $min (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func $abs (param f32) (result f32) (f32.abs (local.get 0)))
  (func $copysign (param f64 f64) (result f64) (f64.copysign (local.get 0) (local.get 1)))
  (func $nearest (param f32) (result f32) (f32.nearest (local.get 0)))
  (func $truncate (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $saturate (param f32) (result i64) (i64.trunc_sat_f32_u (local.get 0)))
  (func $from-u64 (param i64) (result f64) (f64.convert_i64_u (local.get 0)))
  (func $from-u32 (param i32) (result f32) (f32.convert_i32_u (local.get 0)))
  (func $not-destructive (param f64 f64) (result f64)
    (f64.mul (f64.add (local.get 0) (local.get 1)) (f64.sub (local.get 0) (local.get 1))))
  (func $conversions (param i32 i64) (result f64)
    (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1))))
  (func $root (param f64) (result f64) (f64.neg (f64.sqrt (local.get 0))))
  (func $smaller (param f64 f64) (result f64)
    (select (local.get 0) (local.get 1) (f64.lt (local.get 0) (local.get 1))))
  (func $larger (param f32 f32) (result f32)
    (select (local.get 1) (local.get 0) (f32.lt (local.get 0) (local.get 1))))
  (func $neither (param f64 f64) (result f64)
    (select (local.get 0) (local.get 1) (f64.le (local.get 0) (local.get 1)))))
;; ;; arithmetic
;; L0:
;;      0: vaddsd xmm0,xmm0,QWORD PTR [rip+0x8] # 0x10
;;      8: vmulsd xmm0,xmm0,xmm1
;;      c: ret
;;      d: nop DWORD PTR [rax]
;; L2:
;;     10: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xf8,0x3f
;; ;; min
;; L0:
;;      0: ucomisd xmm0,xmm1
;;      4: je 0xb
;;      6: minsd xmm0,xmm1
;; L3:
;;      a: ret
;; L2:
;;      b: jp 0x12
;;      d: orps xmm0,xmm1
;;     10: jmp 0xa
;; L7:
;;     12: addsd xmm0,xmm1
;;     16: jmp 0xa
;; ;; abs
;; L0:
;;      0: vandps xmm0,xmm0,XMMWORD PTR [rip+0x8] # 0x10
;;      8: ret
;;      9: nop DWORD PTR [rax+0x0]
;; L2:
;;     10: .byte 0xff,0xff,0xff,0x7f,0xff,0xff,0xff,0x7f,0xff,0xff,0xff,0x7f,0xff,0xff,0xff,0x7f
;; ;; copysign
;; L0:
;;      0: vandpd xmm0,xmm0,XMMWORD PTR [rip+0x18] # 0x20
;;      8: vandpd xmm1,xmm1,XMMWORD PTR [rip+0x20] # 0x30
;;     10: vorpd xmm0,xmm0,xmm1
;;     14: ret
;;     15: nop WORD PTR [rax+rax*1+0x0]
;;     1e: xchg ax,ax
;; L2:
;;     20: .byte 0xff,0xff,0xff,0xff,0xff,0xff,0xff,0x7f,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0x7f
;; L3:
;;     30: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x80,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x80
;; ;; nearest
;; L0:
;;      0: vroundss xmm0,xmm0,xmm0,0x8
;;      6: ret
;; ;; truncate
;; L0:
;;      0: cvttsd2si eax,xmm0
;;      4: cmp eax,0x1
;;      7: jo 0xa
;; L3:
;;      9: ret
;; L2:
;;      a: ucomisd xmm0,xmm0
;;      e: jp 0x26
;;     10: ucomisd xmm0,QWORD PTR [rip+0x18] # 0x30
;;     18: jbe 0x28
;;     1a: ucomisd xmm0,QWORD PTR [rip+0x16] # 0x38
;;     22: jae 0x28
;;     24: jmp 0x9
;; L7:
;;     26: ud2
;; L8:
;;     28: ud2
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;; L9:
;;     30: .byte 0x0,0x0,0x20,0x0,0x0,0x0,0xe0,0xc1
;; L10:
;;     38: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0
;; ;; saturate
;; L0:
;;      0: ucomiss xmm0,DWORD PTR [rip+0x41] # 0x48
;;      7: jae 0x14
;;      9: cvttss2si rax,xmm0
;;      e: test rax,rax
;;     11: js 0x30
;; L4:
;;     13: ret
;; L3:
;;     14: movaps xmm1,xmm0
;;     17: subss xmm1,DWORD PTR [rip+0x29] # 0x48
;;     1f: cvttss2si rax,xmm1
;;     24: test rax,rax
;;     27: js 0x30
;;     29: bts rax,0x3f
;;     2e: jmp 0x13
;; L2:
;;     30: mov eax,0x0
;;     35: ucomiss xmm0,DWORD PTR [rip+0x10] # 0x4c
;;     3c: jbe 0x13
;;     3e: mov rax,0xffffffffffffffff
;;     45: jmp 0x13
;;     47: nop
;; L5:
;;     48: .byte 0x0,0x0,0x0,0x5f
;; L9:
;;     4c: .byte 0x0,0x0,0x0,0x0
;; ;; from-u64
;; L0:
;;      0: xorps xmm0,xmm0
;;      3: test rdi,rdi
;;      6: js 0xe
;;      8: cvtsi2sd xmm0,rdi
;; L3:
;;      d: ret
;; L2:
;;      e: mov rax,rdi
;;     11: shr rax,1
;;     14: jae 0x1a
;;     16: or rax,0x1
;; L7:
;;     1a: cvtsi2sd xmm0,rax
;;     1f: addsd xmm0,xmm0
;;     23: jmp 0xd
;; ;; from-u32
;; L0:
;;      0: mov eax,edi
;;      2: xorps xmm0,xmm0
;;      5: vcvtsi2ss xmm0,xmm0,rax
;;      a: ret
;; ;; not-destructive
;; L0:
;;      0: vaddsd xmm2,xmm0,xmm1
;;      4: vsubsd xmm0,xmm0,xmm1
;;      8: vmulsd xmm0,xmm2,xmm0
;;      c: ret
;; ;; conversions
;; L0:
;;      0: xorps xmm1,xmm1
;;      3: vcvtsi2sd xmm0,xmm1,edi
;;      7: vcvtsi2sd xmm1,xmm1,rsi
;;      c: vaddsd xmm0,xmm0,xmm1
;;     10: ret
;; ;; root
;; L0:
;;      0: vsqrtsd xmm0,xmm0,xmm0
;;      4: vxorpd xmm0,xmm0,XMMWORD PTR [rip+0x4] # 0x10
;;      c: ret
;;      d: nop DWORD PTR [rax]
;; L3:
;;     10: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x80,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x80
;; ;; smaller
;; L0:
;;      0: vminsd xmm0,xmm0,xmm1
;;      4: ret
;; ;; larger
;; L0:
;;      0: vmaxss xmm0,xmm1,xmm0
;;      4: ret
;; ;; neither
;; L0:
;;      0: vcmple_oqsd xmm2,xmm0,xmm1
;;      5: vblendvpd xmm0,xmm1,xmm0,xmm2
;;      b: ret
