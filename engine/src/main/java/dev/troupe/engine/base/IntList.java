package dev.troupe.engine.base;

import java.util.Arrays;

/** A growing list of {@code int} without boxing. */
public final class IntList {
  private int[] elements;
  private int size;

  /** An empty list with a small capacity. */
  public IntList() {
    this(16);
  }

  /** An empty list with room for {@code capacity} elements. */
  public IntList(int capacity) {
    elements = new int[Math.max(4, capacity)];
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** Whether there are no elements. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The element at {@code index}. */
  public int get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size);
    }
    return elements[index];
  }

  /** Replaces the element at {@code index}. */
  public void set(int index, int value) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size);
    }
    elements[index] = value;
  }

  /** Appends {@code value}. */
  public void add(int value) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size * 2);
    }
    elements[size++] = value;
  }

  /** Removes and returns the last element. */
  public int removeLast() {
    if (size == 0) {
      throw new IllegalStateException("removeLast of an empty IntList");
    }
    return elements[--size];
  }

  /** Removes all elements; the capacity stays. */
  public void clear() {
    size = 0;
  }

  /** Cuts the list down to its first {@code newSize} elements. */
  public void truncate(int newSize) {
    if (newSize > size) {
      throw new IllegalArgumentException("truncate to " + newSize + " of " + size);
    }
    size = newSize;
  }

  /** Sorts the elements ascending. */
  public void sort() {
    Arrays.sort(elements, 0, size);
  }

  /** A copy of the elements. */
  public int[] toArray() {
    return Arrays.copyOf(elements, size);
  }

  @Override
  public String toString() {
    return Arrays.toString(toArray());
  }
}
