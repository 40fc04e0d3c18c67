using GreenServe.Records.Documents;

namespace GreenServe.Records.Runs;

/// <summary>What was made of each of several records. A record that cannot be read never stops its neighbours.</summary>
/// <typeparam name="T">What is made of a record.</typeparam>
/// <param name="Items">What was made of the records that could be read, in the order in which they were found. At least one.</param>
/// <param name="Unreadable">The folders of the records that could not be read.</param>
/// <param name="Problems">Every problem of those records, and of folders that could not be looked into.</param>
public sealed record RecordBatch<T>(IReadOnlyList<T> Items, IReadOnlyList<string> Unreadable, IReadOnlyList<Problem> Problems);

/// <summary>Makes something of each of several records.</summary>
public static class RecordBatch
{
    // A record of a million requests is larger. Several such records at a time would take as many times the memory of one.
    private const long SharedBytes = 64_000_000;

    /// <summary>
    /// Makes something of each record, one after the other or on all cores. A record of more than 64 MB is read alone, so that memory grows
    /// with the largest record and not with the number of cores. What is made is kept, the records are not.
    /// </summary>
    /// <typeparam name="T">What is made of a record.</typeparam>
    /// <param name="records">The records.</param>
    /// <param name="make">Makes it of the folder of a record.</param>
    /// <param name="isParallel">Whether several records are read at the same time.</param>
    /// <exception cref="InvalidInputException">No record at all can be read. The exception holds the problems of all of them.</exception>
    public static RecordBatch<T> Of<T>(RecordSearch records, Func<string, T> make, bool isParallel = false)
    {
        IReadOnlyList<string> folders = records.Folders;
        (T? Item, IReadOnlyList<Problem> Problems)[] made = new (T?, IReadOnlyList<Problem>)[folders.Count];
        void Make(int index) => made[index] = Try(folders[index], make);
        ILookup<bool, int> areShared = Enumerable.Range(0, folders.Count)
            .ToLookup(index => isParallel && SizeOf(folders[index]) <= SharedBytes);
        Parallel.ForEach(areShared[true], Make);
        foreach (int index in areShared[false])
        {
            Make(index);
        }

        Problem[] problems = [.. records.Problems, .. made.SelectMany(one => one.Problems)];
        T[] items = [.. made.Where(one => one.Problems.Count == 0).Select(one => one.Item!)];
        string[] unreadable = [.. folders.Where((_, index) => made[index].Problems.Count > 0)];
        return items.Length > 0 ? new RecordBatch<T>(items, unreadable, problems) : throw new InvalidInputException(problems);
    }

    /// <summary>Size of the files of a record (bytes); 0 for a folder that cannot be looked into. Reading it then tells why.</summary>
    private static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static (T? Item, IReadOnlyList<Problem> Problems) Try<T>(string folder, Func<string, T> make)
    {
        try
        {
            return (make(folder), []);
        }
        catch (InvalidInputException exception)
        {
            return (default, exception.Problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (default, [new Problem("record", InputFile.ReasonOf(exception), "a record that can be read", folder)]);
        }
    }
}
