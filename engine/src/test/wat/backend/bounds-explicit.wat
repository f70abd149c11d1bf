;;! stage = asm
;;! tunables = explicit
;; Every access is checked, its address masked; accesses at known addresses below the initial size
;; are not.
(module
  (memory 1)
  (func $load (param i32) (result i32) (i32.load offset=8 (local.get 0)))
  (func $known (result i32) (i32.load offset=8 (i32.const 100)))
  (func $div (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1))))
;; ;; load
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: lea rcx,[rax+0xc]
;;      a: lea rax,[rdx+rcx*1-0x4]
;;      f: xor edx,edx
;;     11: cmp rcx,QWORD PTR [r15+0x40]
;;     15: ja 0x1e
;;     17: cmova rax,rdx
;;     1b: mov eax,DWORD PTR [rax]
;;     1d: ret
;; L2:
;;     1e: mov edi,0x1
;;     23: mov r11,QWORD PTR [r15+0x10]
;;     27: call QWORD PTR [r11+0x80]
;;     2e: int3
;; ;; known
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: mov eax,DWORD PTR [rax+0x6c]
;;      7: ret
;; ;; div
;; L0:
;;      0: test esi,esi
;;      2: je 0xb
;;      4: mov eax,edi
;;      6: xor edx,edx
;;      8: div esi
;; L3:
;;      a: ret
;; L2:
;;      b: mov edi,0x8
;;     10: mov r11,QWORD PTR [r15+0x10]
;;     14: call QWORD PTR [r11+0x80]
;;     1b: int3
