using System.CommandLine;
using GreenServe.Engine;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Serve;

/// <summary>The options of a server that sends tokens at fixed times.</summary>
internal sealed class FixedScheduleOptionSet
{
    private static readonly FixedScheduleOptions Defaults = new();

    private readonly Option<double?> firstToken = new("--fixed-first-token")
    {
        Description = "Time from a request to its first token in seconds, 0 to 3600. "
            + $"Default: {Defaults.FirstTokenSeconds} if --fixed-gap is given.",
        HelpName = "SECONDS",
    };

    private readonly Option<double?> gap = new("--fixed-gap")
    {
        Description = "Time from one token to the next in seconds, 0 to 3600. "
            + $"Default: {Defaults.TokenGapSeconds} if --fixed-first-token is given.",
        HelpName = "SECONDS",
    };

    private readonly Option<int> chunk = new("--fixed-chunk")
    {
        Description = "Number of tokens sent at once, 1 to 1000. Only with --fixed-gap or --fixed-first-token.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.TokensPerChunk,
    };

    internal void AddTo(Command command)
    {
        command.Add(firstToken);
        command.Add(gap);
        command.Add(chunk);
    }

    /// <summary>Whether the user asks for fixed times.</summary>
    internal bool AreGiven(ParseResult parsed) => parsed.GetValue(firstToken) is not null || parsed.GetValue(gap) is not null;

    /// <summary>The times at which tokens are sent.</summary>
    /// <exception cref="InvalidInputException">Every value that is out of range.</exception>
    internal FixedScheduleOptions Read(ParseResult parsed)
    {
        FixedScheduleOptions options = Defaults with
        {
            FirstTokenSeconds = parsed.GetValue(firstToken) ?? Defaults.FirstTokenSeconds,
            TokenGapSeconds = parsed.GetValue(gap) ?? Defaults.TokenGapSeconds,
            TokensPerChunk = parsed.GetValue(chunk),
        };
        List<Problem> problems = [];
        RequireTime(firstToken.Name, options.FirstTokenSeconds);
        RequireTime(gap.Name, options.TokenGapSeconds);
        if (options.TokensPerChunk is < 1 or > 1000)
        {
            problems.Add(new Problem(chunk.Name, options.TokensPerChunk, "a whole number in [1, 1000]"));
        }

        return problems.Count == 0 ? options : throw new InvalidInputException(problems);

        void RequireTime(string name, double seconds)
        {
            if (seconds is not (>= 0 and <= 3600))
            {
                problems.Add(new Problem(name, seconds, "a number in [0, 3600]"));
            }
        }
    }
}
