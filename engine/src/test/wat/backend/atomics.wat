;;! stage = asm
;; Atomic accesses: plain loads, exchanges for stores, lock-prefixed instructions, and a loop only
;; where the old value of a logical operation is wanted. Plain reads of shared memory are taken for
;; one in a row, but not over an atomic operation or the round of a loop.
(module
  (memory 1 16 shared)
  (func $load (param i32) (result i32)
    (i32.atomic.load offset=16 (local.get 0)))
  (func $store (param i32 i64)
    (i64.atomic.store (local.get 0) (local.get 1)))
  (func $add (param i32 i32) (result i32)
    (i32.atomic.rmw.add (local.get 0) (local.get 1)))
  (func $add-unused (param i32 i32)
    (drop (i32.atomic.rmw.sub (local.get 0) (local.get 1))))
  (func $add-narrow (param i32 i64) (result i64)
    (i64.atomic.rmw8.add_u (local.get 0) (local.get 1)))
  (func $or (param i32 i64) (result i64)
    (i64.atomic.rmw.or (local.get 0) (local.get 1)))
  (func $or-unused (param i32 i32)
    (drop (i32.atomic.rmw16.or_u (local.get 0) (local.get 1))))
  (func $cmpxchg (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
  (func $fence (atomic.fence))
  (func $constant-address (result i32)
    (i32.atomic.rmw.xchg (i32.const 64) (i32.const 1)))
  (func $reads (param i32) (result i32)
    (i32.load (local.get 0))
    (i32.load (local.get 0))
    (drop (i32.atomic.load (i32.const 0)))
    (i32.load (local.get 0))
    i32.add
    i32.add)
  (func $spin (param i32)
    (drop (i32.load (local.get 0)))
    (loop $again
      (br_if $again (i32.eqz (i32.load (local.get 0))))))
;; Not a vector: a wider access could be torn where these cannot.
  (func $neighbours
    (i32.store (i32.const 16) (i32.load (i32.const 0)))
    (i32.store (i32.const 20) (i32.load (i32.const 4)))
    (i32.store (i32.const 24) (i32.load (i32.const 8)))
    (i32.store (i32.const 28) (i32.load (i32.const 12))))
  (func $size (result i32)
    (i32.sub (memory.size) (memory.size))))
;; ;; load
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: test al,0x3
;;      8: jne 0xf
;;      a: mov eax,DWORD PTR [rcx+rax*1+0x10]
;;      e: ret
;; L2:
;;      f: ud2
;; ;; store
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: test al,0x7
;;      8: jne 0xf
;;      a: xchg QWORD PTR [rcx+rax*1],rsi
;;      e: ret
;; L2:
;;      f: ud2
;; ;; add
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: test al,0x3
;;      8: jne 0x12
;;      a: lock xadd DWORD PTR [rcx+rax*1],esi
;;      f: mov eax,esi
;;     11: ret
;; L2:
;;     12: ud2
;; ;; add-unused
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: neg esi
;;      8: test al,0x3
;;      a: jne 0x11
;;      c: lock add DWORD PTR [rcx+rax*1],esi
;;     10: ret
;; L2:
;;     11: ud2
;; ;; add-narrow
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: lock xadd BYTE PTR [rcx+rax*1],sil
;;      c: movzx eax,sil
;;     10: ret
;; ;; or
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: test al,0x7
;;      8: jne 0x1f
;;      a: lea rcx,[rcx+rax*1]
;;      e: mov rax,QWORD PTR [rcx]
;; L4:
;;     11: mov rdx,rax
;;     14: or rdx,rsi
;;     17: lock cmpxchg QWORD PTR [rcx],rdx
;;     1c: jne 0x11
;;     1e: ret
;; L2:
;;     1f: ud2
;; ;; or-unused
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: test al,0x1
;;      8: jne 0x10
;;      a: lock or WORD PTR [rcx+rax*1],si
;;      f: ret
;; L2:
;;     10: ud2
;; ;; cmpxchg
;; L0:
;;      0: mov ecx,edi
;;      2: mov rdi,QWORD PTR [r15+0x28]
;;      6: test cl,0x3
;;      9: jne 0x13
;;      b: mov eax,esi
;;      d: lock cmpxchg DWORD PTR [rdi+rcx*1],edx
;;     12: ret
;; L2:
;;     13: ud2
;; ;; fence
;; L0:
;;      0: mfence
;;      3: ret
;; ;; constant-address
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: mov eax,0x1
;;      9: xchg DWORD PTR [rcx+0x40],eax
;;      c: ret
;; ;; reads
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,DWORD PTR [rdx+rax*1]
;;      9: mov esi,DWORD PTR [rdx]
;;      b: mov esi,ecx
;;      d: add esi,DWORD PTR [rdx+rax*1]
;;     10: lea eax,[rcx+rsi*1]
;;     13: ret
;; ;; spin
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: mov edx,DWORD PTR [rcx+rax*1]
;;      9: nop WORD PTR [rax+rax*1+0x0]
;;     12: nop WORD PTR [rax+rax*1+0x0]
;;     1b: nop WORD PTR [rax+rax*1+0x0]
;;     24: nop WORD PTR [rax+rax*1+0x0]
;;     2d: nop WORD PTR [rax+rax*1+0x0]
;;     36: nop WORD PTR [rax+rax*1+0x0]
;;     3f: nop
;; L1:
;;     40: cmp DWORD PTR [rcx+rax*1],0x0
;;     44: je 0x40
;; L3:
;;     46: ret
;; ;; neighbours
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: mov ecx,DWORD PTR [rax]
;;      6: mov DWORD PTR [rax+0x10],ecx
;;      9: mov ecx,DWORD PTR [rax+0x4]
;;      c: mov DWORD PTR [rax+0x14],ecx
;;      f: mov ecx,DWORD PTR [rax+0x8]
;;     12: mov DWORD PTR [rax+0x18],ecx
;;     15: mov ecx,DWORD PTR [rax+0xc]
;;     18: mov DWORD PTR [rax+0x1c],ecx
;;     1b: ret
;; ;; size
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x30]
;;      4: mov rax,QWORD PTR [rcx+0x8]
;;      8: shr rax,0x10
;;      c: mov rcx,QWORD PTR [rcx+0x8]
;;     10: shr rcx,0x10
;;     14: sub eax,ecx
;;     16: ret
