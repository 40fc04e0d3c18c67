namespace GreenServe.Records;

/// <summary>Work on many inputs at once, on every core of this machine.</summary>
public static class EveryCore
{
    /// <summary>The result for each item, in the order of the items.</summary>
    /// <typeparam name="T">What is worked on.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="select">Works on one item. It is called on several threads at once.</param>
    /// <exception cref="InvalidInputException">
    /// Items cannot be used. The exception lists the problems that were found before the work stopped, each once.
    /// </exception>
    public static TResult[] Select<T, TResult>(IEnumerable<T> items, Func<T, TResult> select)
    {
        try
        {
            return [.. items.AsParallel().AsOrdered().Select(select)];
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is InvalidInputException))
        {
            throw new InvalidInputException(
                exception.InnerExceptions.Cast<InvalidInputException>().SelectMany(inner => inner.Problems).Distinct());
        }
    }
}
