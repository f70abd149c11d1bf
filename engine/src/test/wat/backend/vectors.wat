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
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: movddup xmm1,xmm0
;;      8: movaps xmm2,xmm0
;;      b: mulsd xmm2,QWORD PTR [rax]
;;      f: addsd xmm2,QWORD PTR [rax+0x400]
;;     17: mulsd xmm2,QWORD PTR [rip+0x161] # 0x180
;;     1f: movsd QWORD PTR [rax+0x400],xmm2
;;     27: movaps xmm2,xmm0
;;     2a: mulsd xmm2,QWORD PTR [rax+0x8]
;;     2f: addsd xmm2,QWORD PTR [rax+0x408]
;;     37: mulsd xmm2,QWORD PTR [rip+0x141] # 0x180
;;     3f: movsd QWORD PTR [rax+0x408],xmm2
;;     47: movaps xmm2,xmm0
;;     4a: mulsd xmm2,QWORD PTR [rax+0x10]
;;     4f: addsd xmm2,QWORD PTR [rax+0x410]
;;     57: mulsd xmm2,QWORD PTR [rip+0x121] # 0x180
;;     5f: movsd QWORD PTR [rax+0x410],xmm2
;;     67: mulsd xmm0,QWORD PTR [rax+0x18]
;;     6c: addsd xmm0,QWORD PTR [rax+0x418]
;;     74: mulsd xmm0,QWORD PTR [rip+0x104] # 0x180
;;     7c: movsd QWORD PTR [rax+0x418],xmm0
;;     84: mov ecx,0x20
;;     89: nop WORD PTR [rax+rax*1+0x0]
;;     92: nop WORD PTR [rax+rax*1+0x0]
;;     9b: nop WORD PTR [rax+rax*1+0x0]
;;     a4: nop WORD PTR [rax+rax*1+0x0]
;;     ad: nop WORD PTR [rax+rax*1+0x0]
;;     b6: nop WORD PTR [rax+rax*1+0x0]
;;     bf: nop
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
;;      0: mov rax,QWORD PTR [r15+0x28]
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
