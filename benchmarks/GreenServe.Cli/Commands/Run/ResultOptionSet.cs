using System.CommandLine;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Results;
using GreenServe.Records;
using GreenServe.Records.Tables;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The option that writes the result of a command for other programs.</summary>
internal sealed class ResultOptionSet
{
    private readonly Option<string?> json = new("--json")
    {
        Description = "JSON file for the result: every point with its verdict and metrics, and what a search found. "
            + "Its schema is docs/reference/result.schema.json. The file is replaced. Default: no file.",
        HelpName = "FILE",
    };

    internal void AddTo(Command command) => command.Add(json);

    /// <summary>Refuses a file that could not be written at the end, when the measurement would have been in vain.</summary>
    /// <exception cref="InvalidInputException">The file's folder does not exist, or the file is a folder.</exception>
    internal void Require(ParseResult parsed) => Require(parsed, json);

    /// <summary>Refuses a file that could not be written at the end, when the work would have been in vain.</summary>
    /// <param name="parsed">What the user gave.</param>
    /// <param name="file">The option that names the file.</param>
    /// <exception cref="InvalidInputException">The file's folder does not exist, or the file is a folder.</exception>
    internal static void Require(ParseResult parsed, Option<string?> file)
    {
        if (parsed.GetValue(file) is { } path
            && (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
        {
            throw new InvalidInputException(new Problem(file.Name, path, "a file in a folder that exists"));
        }
    }

    /// <summary>Writes the result, if the user asked for it.</summary>
    internal void Write(ParseResult parsed, Func<ResultDocument> document)
    {
        if (parsed.GetValue(json) is { } path)
        {
            document().Write(path);
        }
    }

    /// <summary>The results of the records of some points, in the order of the points. A point without a record is left out.</summary>
    /// <param name="folder">The folder that holds the records.</param>
    /// <param name="points">Names of the points.</param>
    internal static IReadOnlyList<ResultPoint> Read(string folder, IEnumerable<string> points)
    {
        string[] records =
            [.. points.Select(point => Path.Combine(folder, point)).Where(record => File.Exists(Path.Combine(record, RunFiles.Manifest)))];
        return records.Length == 0 ? [] : [.. ExperimentRun.ReadAll(records).Select(ResultPoint.Of)];
    }
}
