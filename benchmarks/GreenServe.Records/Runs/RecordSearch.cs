using GreenServe.Records.Documents;
using GreenServe.Records.Files;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>The run records in and below some folders. Symbolic links are followed, and each record is found once.</summary>
/// <param name="Folders">
/// The folders of the records: those of one folder that was given after those of the one before, each time in ordinal order.
/// </param>
/// <param name="Problems">The folders that could not be looked into.</param>
public sealed record RecordSearch(IReadOnlyList<string> Folders, IReadOnlyList<Problem> Problems)
{
    /// <summary>Looks for records.</summary>
    /// <param name="folders">Folders with records, or folders above them.</param>
    /// <exception cref="InvalidInputException">A folder is missing, or there is no record in or below it.</exception>
    public static RecordSearch In(IEnumerable<string> folders)
    {
        Walk walk = new();
        List<Problem> missing = [];
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                missing.Add(new Problem("records", File.Exists(folder) ? "a file" : null, "a folder with run records", folder));
                continue;
            }

            (int visited, int unreadable) = (walk.Visited, walk.Problems.Count);
            if (!walk.Take(folder) && walk.Visited > visited && walk.Problems.Count == unreadable)
            {
                missing.Add(new Problem("records", $"no {RunFiles.Manifest}", "a folder with run records", folder));
            }
        }

        return missing.Count == 0 ? new RecordSearch(walk.Found, walk.Problems) : throw new InvalidInputException(missing);
    }

    /// <summary>Goes through folders and remembers which of them it has seen, whatever path led there.</summary>
    private sealed class Walk
    {
        private readonly HashSet<FileIdentity> seen = [];

        internal List<string> Found { get; } = [];

        internal List<Problem> Problems { get; } = [];

        /// <summary>Number of folders that were looked into.</summary>
        internal int Visited { get; private set; }

        /// <summary>Adds the records in and below a folder.</summary>
        /// <returns>Whether there is a record that was not found before.</returns>
        internal bool Take(string folder)
        {
            List<string> manifests = [];
            Stack<string> real = new([folder]);

            // Links come last, so that a record has the name of its own folder where both lead to it.
            Queue<string> links = new();
            while (real.TryPop(out string? next) || links.TryDequeue(out next))
            {
                Visit(next, manifests, real, links);
            }

            manifests.Sort(StringComparer.Ordinal);
            Found.AddRange(manifests.Select(path => Path.GetDirectoryName(path)!));
            return manifests.Count > 0;
        }

        private void Visit(string folder, List<string> manifests, Stack<string> real, Queue<string> links)
        {
            FileStatus status = FileStatus.Of(folder);
            if (status.Kind != FileKind.Folder || (status.Identity is { } identity && !seen.Add(identity)))
            {
                return;
            }

            Visited++;
            string manifest = Path.Combine(folder, RunFiles.Manifest);
            if (FileStatus.Of(manifest).Kind != FileKind.Missing)
            {
                manifests.Add(manifest);
            }

            try
            {
                foreach (DirectoryInfo below in new DirectoryInfo(folder).EnumerateDirectories())
                {
                    string path = Path.Combine(folder, below.Name);
                    if (!below.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    {
                        real.Push(path);
                    }
                    else if (status.Identity is not null)
                    {
                        // Where folders cannot be told apart, a link could lead round in circles.
                        links.Enqueue(path);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Problems.Add(new Problem("folder", InputFile.ReasonOf(exception), "a folder that can be read", folder));
            }
        }
    }
}
