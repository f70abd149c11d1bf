;;! stage = asm
(module
  (memory 1)
  ;; A loop that is tested at its top is turned: the only branch of a round is at the bottom.
  (func $turned (param $p i32) (result i32) (local $n i32)
    (block $out
      (loop $again
        (br_if $out (i32.eqz (i32.load (local.get $p))))
        (i32.store offset=4 (local.get $p) (local.get $n))
        (local.set $n (i32.add (local.get $n) (i32.const 3)))
        (local.set $p (i32.load offset=8 (local.get $p)))
        (br $again)))
    (local.get $n))

  ;; What is unlikely, by loop and equality, stands behind the function; the rest runs through.
  (func $unlikely (param $p i32) (param $end i32)
    (loop $again
      (if (f32.eq (f32.load (local.get $p)) (f32.const 1))
        (then (i32.store offset=8 (local.get $p) (i32.const 5)))
        (else (i32.store offset=4 (local.get $p) (i32.const 7))))
      (br_if $again
        (i32.ne (local.tee $p (i32.add (local.get $p) (i32.const 4))) (local.get $end)))))

  ;; Two sides that are as likely stay where they are.
  (func $diamond (param $p i32) (param $b i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $p) (local.get $b))
      (then (i32.store (local.get $p) (i32.const 5)) (i32.load offset=4 (local.get $b)))
      (else (i32.store (local.get $b) (i32.const 7)) (i32.load offset=8 (local.get $p)))))
)
;; ;; turned
;; L0:
;;      0: mov ecx,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: xor eax,eax
;;      8: jmp 0x4b
;;      a: nop WORD PTR [rax+rax*1+0x0]
;;     13: nop WORD PTR [rax+rax*1+0x0]
;;     1c: nop WORD PTR [rax+rax*1+0x0]
;;     25: nop WORD PTR [rax+rax*1+0x0]
;;     2e: nop WORD PTR [rax+rax*1+0x0]
;;     37: nop WORD PTR [rax+rax*1+0x0]
;; L2:
;;     40: mov DWORD PTR [rdx+rcx*1+0x4],eax
;;     44: add eax,0x3
;;     47: mov ecx,DWORD PTR [rdx+rcx*1+0x8]
;; L1:
;;     4b: cmp DWORD PTR [rdx+rcx*1],0x0
;;     4f: jne 0x40
;; L3:
;;     51: ret
;; ;; unlikely
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: jmp 0x4f
;;      8: nop WORD PTR [rax+rax*1+0x0]
;;     11: nop WORD PTR [rax+rax*1+0x0]
;;     1a: nop WORD PTR [rax+rax*1+0x0]
;;     23: nop WORD PTR [rax+rax*1+0x0]
;;     2c: nop WORD PTR [rax+rax*1+0x0]
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L3:
;;     40: mov DWORD PTR [rcx+rax*1+0x4],0x7
;; L4:
;;     48: add eax,0x4
;;     4b: cmp eax,esi
;;     4d: je 0x69
;; L1:
;;     4f: movss xmm0,DWORD PTR [rcx+rax*1]
;;     54: ucomiss xmm0,DWORD PTR [rip+0x11] # 0x6c
;;     5b: jne 0x40
;;     5d: jp 0x40
;; L2:
;;     5f: mov DWORD PTR [rcx+rax*1+0x8],0x5
;;     67: jmp 0x48
;; L6:
;;     69: ret
;;     6a: xchg ax,ax
;; L16:
;;     6c: .byte 0x0,0x0,0x80,0x3f
;; ;; diamond
;; L0:
;;      0: mov eax,edi
;;      2: mov edx,esi
;;      4: mov rcx,QWORD PTR [r15+0x28]
;;      8: cmp eax,edx
;;      a: jae 0x19
;; L1:
;;      c: mov DWORD PTR [rcx+rax*1],0x5
;;     13: mov eax,DWORD PTR [rcx+rdx*1+0x4]
;;     17: jmp 0x24
;; L2:
;;     19: mov DWORD PTR [rcx+rdx*1],0x7
;;     20: mov eax,DWORD PTR [rcx+rax*1+0x8]
;; L3:
;;     24: ret
