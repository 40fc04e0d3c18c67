using System.Collections;

namespace GreenServe.Tests.Fixtures;

/// <summary>Counts how often a collection is read.</summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="items">The collection.</param>
internal sealed class CountedSequence<T>(IReadOnlyCollection<T> items) : IReadOnlyCollection<T>
{
    /// <summary>Number of times that it was read.</summary>
    internal int Passes { get; private set; }

    /// <inheritdoc />
    public int Count => items.Count;

    /// <inheritdoc />
    public IEnumerator<T> GetEnumerator()
    {
        Passes++;
        return items.GetEnumerator();
    }

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
