using System.CommandLine;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Records;

/// <summary>Names the records that a command left out because they cannot be read.</summary>
internal static class UnreadableText
{
    /// <summary>Writes the problems of the records that were left out, if there are any.</summary>
    /// <param name="parsed">The command line; its error output receives the problems.</param>
    /// <param name="problems">The problems of the records that were left out.</param>
    /// <param name="exitCode">What the command found about the others.</param>
    /// <returns>
    /// <see cref="ExitCode.BadInput"/> if a record was left out, whatever was found about the others, and <paramref name="exitCode"/>
    /// otherwise. A result that does not cover all of its records must not look like one that does.
    /// </returns>
    internal static int Write(ParseResult parsed, IReadOnlyList<Problem> problems, int exitCode)
    {
        if (problems.Count == 0)
        {
            return exitCode;
        }

        TextWriter error = parsed.InvocationConfiguration.Error;
        error.WriteLine("Left out, because it cannot be read:");
        error.WriteLine(new InvalidInputException(problems).Message);
        return ExitCode.BadInput;
    }
}
