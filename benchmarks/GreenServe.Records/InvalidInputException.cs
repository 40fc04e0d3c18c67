namespace GreenServe.Records;

/// <summary>The user's input cannot be used. It carries every problem, so that one edit can mend them all. Exit code 2.</summary>
public sealed class InvalidInputException : Exception
{
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
        : base(string.Join(Environment.NewLine, problems.Select(problem => problem.ToString())))
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
}
