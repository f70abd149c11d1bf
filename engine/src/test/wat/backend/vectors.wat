;;! stage = asm
;; Packed loops: splats, memory operands, constants.
(module
  (memory 1)
  (func $f64 (param f64)
    (local $i i32)
    (loop $l
      (f64.store offset=1024 (local.get $i)
        (f64.mul (f64.add (f64.mul (local.get 0) (f64.load (local.get $i)))
          (f64.load offset=1024 (local.get $i))) (f64.const 0.25)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 800)))))
  (func $i32 (param i32)
    (local $i i32)
    (loop $l
      (i32.store offset=1024 (local.get $i)
        (i32.xor (i32.mul (local.get 0) (i32.load (local.get $i)))
          (i32.load offset=1024 (local.get $i))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 800))))))
;; ;; f64
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: pshufd xmm1,xmm0,0x44
;;      9: movaps xmm2,xmm0
;;      c: mulsd xmm2,QWORD PTR [rax]
;;     10: addsd xmm2,QWORD PTR [rax+0x400]
;;     18: mulsd xmm2,QWORD PTR [rip+0x160] # 0x180
;;     20: movsd QWORD PTR [rax+0x400],xmm2
;;     28: movaps xmm2,xmm0
;;     2b: mulsd xmm2,QWORD PTR [rax+0x8]
;;     30: addsd xmm2,QWORD PTR [rax+0x408]
;;     38: mulsd xmm2,QWORD PTR [rip+0x140] # 0x180
;;     40: movsd QWORD PTR [rax+0x408],xmm2
;;     48: movaps xmm2,xmm0
;;     4b: mulsd xmm2,QWORD PTR [rax+0x10]
;;     50: addsd xmm2,QWORD PTR [rax+0x410]
;;     58: mulsd xmm2,QWORD PTR [rip+0x120] # 0x180
;;     60: movsd QWORD PTR [rax+0x410],xmm2
;;     68: mulsd xmm0,QWORD PTR [rax+0x18]
;;     6d: addsd xmm0,QWORD PTR [rax+0x418]
;;     75: mulsd xmm0,QWORD PTR [rip+0x103] # 0x180
;;     7d: movsd QWORD PTR [rax+0x418],xmm0
;;     85: mov ecx,0x20
;;     8a: nop WORD PTR [rax+rax*1+0x0]
;;     93: nop WORD PTR [rax+rax*1+0x0]
;;     9c: nop WORD PTR [rax+rax*1+0x0]
;;     a5: nop WORD PTR [rax+rax*1+0x0]
;;     ae: nop WORD PTR [rax+rax*1+0x0]
;;     b7: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     c0: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     c4: movaps xmm0,xmm1
;;     c7: mulpd xmm0,xmm2
;;     cb: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     d3: addpd xmm0,xmm2
;;     d7: mulpd xmm0,XMMWORD PTR [rip+0x91] # 0x170
;;     df: movups XMMWORD PTR [rax+rcx*1+0x400],xmm0
;;     e7: movups xmm2,XMMWORD PTR [rax+rcx*1+0x10]
;;     ec: movaps xmm0,xmm1
;;     ef: mulpd xmm0,xmm2
;;     f3: movups xmm2,XMMWORD PTR [rax+rcx*1+0x410]
;;     fb: addpd xmm0,xmm2
;;     ff: mulpd xmm0,XMMWORD PTR [rip+0x69] # 0x170
;;    107: movups XMMWORD PTR [rax+rcx*1+0x410],xmm0
;;    10f: movups xmm2,XMMWORD PTR [rax+rcx*1+0x20]
;;    114: movaps xmm0,xmm1
;;    117: mulpd xmm0,xmm2
;;    11b: movups xmm2,XMMWORD PTR [rax+rcx*1+0x420]
;;    123: addpd xmm0,xmm2
;;    127: mulpd xmm0,XMMWORD PTR [rip+0x41] # 0x170
;;    12f: movups XMMWORD PTR [rax+rcx*1+0x420],xmm0
;;    137: movups xmm2,XMMWORD PTR [rax+rcx*1+0x30]
;;    13c: movaps xmm0,xmm1
;;    13f: mulpd xmm0,xmm2
;;    143: movups xmm2,XMMWORD PTR [rax+rcx*1+0x430]
;;    14b: addpd xmm0,xmm2
;;    14f: mulpd xmm0,XMMWORD PTR [rip+0x19] # 0x170
;;    157: movups XMMWORD PTR [rax+rcx*1+0x430],xmm0
;;    15f: add ecx,0x40
;;    162: cmp ecx,0x320
;;    168: jne 0xc0
;; L3:
;;    16e: ret
;;    16f: nop
;; L7:
;;    170: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f,0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
;; L8:
;;    180: .byte 0x0,0x0,0x0,0x0,0x0,0x0,0xd0,0x3f
;; ;; i32
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: movd xmm0,edi
;;      8: pshufd xmm0,xmm0,0x0
;;      d: xor ecx,ecx
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: movups xmm2,XMMWORD PTR [rax+rcx*1]
;;     44: movaps xmm1,xmm0
;;     47: pmulld xmm1,xmm2
;;     4c: movups xmm2,XMMWORD PTR [rax+rcx*1+0x400]
;;     54: pxor xmm1,xmm2
;;     58: movups XMMWORD PTR [rax+rcx*1+0x400],xmm1
;;     60: movups xmm2,XMMWORD PTR [rax+rcx*1+0x10]
;;     65: movaps xmm1,xmm0
;;     68: pmulld xmm1,xmm2
;;     6d: movups xmm2,XMMWORD PTR [rax+rcx*1+0x410]
;;     75: pxor xmm1,xmm2
;;     79: movups XMMWORD PTR [rax+rcx*1+0x410],xmm1
;;     81: add ecx,0x20
;;     84: cmp ecx,0x320
;;     8a: jne 0x40
;; L3:
;;     8c: ret
