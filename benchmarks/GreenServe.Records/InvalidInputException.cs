namespace GreenServe.Records;

/// <summary>The user's input cannot be used. It carries every problem, so that one edit can mend them all. Exit code 2.</summary>
public sealed class InvalidInputException : Exception
{
    // A message that fills more than some screens helps nobody. The list of problems stays whole.
    private const int MaxShown = 100;

    /// <summary>Creates the exception for an input with one or more problems.</summary>
    public InvalidInputException(IEnumerable<Problem> problems)
        : this([.. problems])
    {
    }

    /// <summary>Creates the exception for an input with one problem.</summary>
    public InvalidInputException(Problem problem)
        : this([problem])
    {
    }

    private InvalidInputException(Problem[] problems)
        : base(MessageOf(problems))
    {
        ArgumentOutOfRangeException.ThrowIfZero(problems.Length);
        Problems = problems;
    }

    /// <summary>Every problem of the input, in the order of the document; at least one.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The problems that a check returns or throws; empty if it finds none.</summary>
    /// <param name="check">Looks for problems in an input, and may build what needs the input to be right.</param>
    public static IReadOnlyList<Problem> ProblemsOf(Func<IEnumerable<Problem>> check)
    {
        try
        {
            return [.. check()];
        }
        catch (InvalidInputException exception)
        {
            return exception.Problems;
        }
    }

    /// <summary>The problems that a step finds; empty if it does not throw.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(Action step) => ProblemsOf(() =>
    {
        step();
        return [];
    });

    private static string MessageOf(Problem[] problems)
    {
        IEnumerable<string> lines = problems.Take(MaxShown).Select(problem => problem.ToString());
        return string.Join(
            Environment.NewLine,
            problems.Length > MaxShown ? lines.Append($"and {problems.Length - MaxShown} more problems") : lines);
    }
}
