using GreenServe.Records;

namespace GreenServe.Workloads.Traces;

/// <summary>Collects the problems of the rows of a trace or a dataset. The first ones are kept, and all are counted.</summary>
internal sealed class RowProblems(string file)
{
    internal const int MaxShown = 20;

    private readonly List<Problem> shown = [];
    private long count;

    /// <summary>The file, for messages.</summary>
    internal string File => file;

    /// <summary>Adds the problem of one line.</summary>
    internal void Add(string place, object? found, string allowed, int line)
    {
        count++;
        if (shown.Count < MaxShown)
        {
            shown.Add(new Problem(place, found, allowed, file, line));
        }
    }

    /// <summary>Throws if any problem was added.</summary>
    /// <exception cref="InvalidInputException">
    /// There are problems. The first ones are given with their lines, and the total if there are more.
    /// </exception>
    internal void ThrowIfAny()
    {
        if (count == 0)
        {
            return;
        }

        IEnumerable<Problem> total = count > shown.Count
            ? [new Problem("rows", $"{count} problems in all", $"none; the first {MaxShown} are listed", file)]
            : [];
        throw new InvalidInputException(shown.Concat(total));
    }
}
