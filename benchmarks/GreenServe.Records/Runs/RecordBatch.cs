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
    /// <summary>Makes something of each record, one after the other or on all cores.</summary>
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
        if (isParallel)
        {
            Parallel.For(0, folders.Count, Make);
        }
        else
        {
            for (int index = 0; index < folders.Count; index++)
            {
                Make(index);
            }
        }

        Problem[] problems = [.. records.Problems, .. made.SelectMany(one => one.Problems)];
        T[] items = [.. made.Where(one => one.Problems.Count == 0).Select(one => one.Item!)];
        string[] unreadable = [.. folders.Where((_, index) => made[index].Problems.Count > 0)];
        return items.Length > 0 ? new RecordBatch<T>(items, unreadable, problems) : throw new InvalidInputException(problems);
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
