;;! stage = asm
;; Direct calls keep the instance pointer; calls that may leave the instance restore it.
(module
  (import "host" "f" (func $imported (param i32) (result i32)))
  (type $binary (func (param i32 i32) (result i32)))
  (table 10 funcref)
  (func $direct (param i32) (result i32)
    (i32.add (call $direct (i32.sub (local.get 0) (i32.const 1))) (local.get 0)))
  (func $through-import (param i32) (result i32) (call $imported (local.get 0)))
  (func $indirect (param i32) (result i32)
    (call_indirect (type $binary) (i32.const 5) (i32.const 6) (local.get 0)))
  (func $many (param i32 i32 i32 i32 i32 i32 i32 i32 i32 f32) (result i32 i32 i32 i32 i32 i32 i32)
    (local.get 8) (local.get 7) (local.get 6) (local.get 5) (local.get 4) (local.get 3)
    (local.get 2))
  (func $caller (result i32)
    (call $many (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
      (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9) (f32.const 10))
    (drop) (drop) (drop) (drop) (drop) (drop)))
;; ;; direct
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x31
;;      c: mov QWORD PTR [rsp],rbx
;; L0:
;;     10: mov ebx,edi
;;     12: lea edi,[rbx-0x4]
;;     15: call direct
;;     1a: lea eax,[rax+rbx*1-0x3]
;;     1e: lea eax,[rax+rbx*1-0x2]
;;     22: lea eax,[rax+rbx*1-0x1]
;;     26: add eax,ebx
;;     28: mov rbx,QWORD PTR [rsp]
;;     2c: add rsp,0x8
;;     30: ret
;; L2:
;;     31: ud2
;; ;; through-import
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x24
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov r11,QWORD PTR [r15+0x50]
;;     14: mov r15,QWORD PTR [r15+0x58]
;;     18: call r11
;;     1b: mov r15,QWORD PTR [rsp]
;;     1f: add rsp,0x8
;;     23: ret
;; L2:
;;     24: ud2
;; ;; indirect
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x51
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov eax,edi
;;     12: mov rcx,QWORD PTR [r15+0x38]
;;     16: cmp rax,rcx
;;     19: jae 0x53
;;     1b: cmp rax,rcx
;;     1e: mov ecx,0x0
;;     23: cmovb rcx,rax
;;     27: mov rax,QWORD PTR [r15+0x30]
;;     2b: mov rax,QWORD PTR [rax+rcx*8]
;;     2f: mov ecx,DWORD PTR [rax+0x10]
;;     32: cmp ecx,DWORD PTR [r15+0x40]
;;     36: jne 0x55
;;     38: mov esi,0x6
;;     3d: mov edi,0x5
;;     42: mov r15,QWORD PTR [rax+0x8]
;;     46: call QWORD PTR [rax]
;;     48: mov r15,QWORD PTR [rsp]
;;     4c: add rsp,0x8
;;     50: ret
;; L2:
;;     51: ud2
;; L4:
;;     53: ud2
;; L6:
;;     55: ud2
;; ;; many
;; L0:
;;      0: mov esi,edx
;;      2: mov edx,DWORD PTR [rsp+0x8]
;;      6: mov QWORD PTR [rsp+0x8],rsi
;;      b: mov edi,r8d
;;      e: mov r8d,ecx
;;     11: mov ecx,eax
;;     13: mov eax,edx
;;     15: mov edx,r10d
;;     18: mov esi,r9d
;;     1b: ret
;; ;; caller
;; L0:
;;      0: mov eax,0x9
;;      5: ret
