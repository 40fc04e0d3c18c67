using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// The run records that constants were fitted to, from files with one line <c>EXPERIMENT/POINT</c> for each operating point. Every
/// repetition of an operating point counts. Empty lines, and text after <c>#</c>, are ignored.
/// </summary>
public sealed class FittedRuns
{
    private readonly Dictionary<string, (string File, int Line)> points = new(StringComparer.Ordinal);

    /// <summary>Reads the names of the fitted runs from files.</summary>
    /// <param name="files">Paths of the files.</param>
    /// <exception cref="InvalidInputException">
    /// A file does not exist, or a line is not <c>EXPERIMENT/POINT</c>. The exception lists all of them.
    /// </exception>
    public static FittedRuns Read(IEnumerable<string> files)
    {
        FittedRuns fitted = new();
        List<Problem> problems = [];
        foreach (string file in files)
        {
            if (!File.Exists(file))
            {
                problems.Add(new Problem("--fitted", "no such file", "a file that lists the fitted runs", file));
                continue;
            }

            foreach ((int index, string line) in InputFile.ReadLines(file).Index())
            {
                string name = line.Split('#')[0].Trim();
                if (name.Length > 0 && name.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                {
                    problems.Add(new Problem(
                        "line", name, "EXPERIMENT/POINT, the folder above a run and the run's without its repetition", file, index + 1));
                }
                else if (name.Length > 0)
                {
                    fitted.points[name] = (file, index + 1);
                }
            }
        }

        return problems.Count == 0 ? fitted : throw new InvalidInputException(problems);
    }

    /// <summary>Whether constants were fitted to each of some records, in the order of the records.</summary>
    /// <param name="recordFolders">The folders of the records.</param>
    /// <exception cref="InvalidInputException">
    /// A line names none of the records, so that a misspelt line cannot make a fitted run look like one that was held out. The exception
    /// lists all such lines.
    /// </exception>
    public IReadOnlyList<bool> Among(IReadOnlyList<string> recordFolders)
    {
        string[] names = [.. recordFolders.Select(NameOf)];
        Problem[] problems = [.. points.Where(point => !names.Contains(point.Key)).Select(point =>
            new Problem("line", point.Key, "a run among the records", point.Value.File, point.Value.Line))];
        return problems.Length == 0 ? [.. names.Select(points.ContainsKey)] : throw new InvalidInputException(problems);
    }

    /// <summary>
    /// Digest of a record's requests and their times, which no other run shares: the first 16 hexadecimal digits of a SHA-256. A record
    /// that was moved or renamed keeps it.
    /// </summary>
    internal static string DigestOf(RunRecord record)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{record.Manifest.StartedAt:O} {record.Manifest.WorkloadSha256}\n");
        foreach (RequestRecord request in record.Requests)
        {
            text.Append(CultureInfo.InvariantCulture, $"{request.Id} {request.IssuedSeconds:R} {request.FirstTokenSeconds:R}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    /// <summary>Name of an operating point: the folder above its record, and the record without its repetition.</summary>
    internal static string NameOf(string recordFolder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(recordFolder));
        return $"{Path.GetFileName(Path.GetDirectoryName(full))}/{WithoutRepetition(Path.GetFileName(full))}";
    }

    /// <summary>Name of a run without the number of its repetition.</summary>
    internal static string WithoutRepetition(string name)
    {
        int mark = name.LastIndexOf("_r", StringComparison.Ordinal);
        bool isRepetition = mark > 0 && int.TryParse(name.AsSpan(mark + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isRepetition ? name[..mark] : name;
    }
}
