namespace GreenServe.Records;

/// <summary>The user's input cannot be used. Carries every problem, so that one edit can mend them all. Exit code 2.</summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>Refuses an input for one or more problems.</summary>
    public InvalidInputException(IEnumerable<Problem> problems)
        : this([.. problems])
    {
    }

    /// <summary>Refuses an input for one problem.</summary>
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

    /// <summary>Every problem, in the order of the document. At least one.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}
