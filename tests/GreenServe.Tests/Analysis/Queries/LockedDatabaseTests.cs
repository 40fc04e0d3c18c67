using GreenServe.Analysis.Queries;

namespace GreenServe.Tests.Analysis.Queries;

public sealed class LockedDatabaseTests
{
    [Fact]
    public void Load_SaysThatTheTableDoesNotFit_WhenItsRowsNeedMoreMemory()
    {
        using LockedDatabase database = new(memoryMegabytes: 8, threads: 1, TimeSpan.FromMinutes(1));

        // A million texts of 32 letters need more than 8 MB.
        QueryException exception = Assert.Throws<QueryException>(() => database.Load("t", [("text", "VARCHAR")], appender =>
        {
            for (int index = 0; index < 1_000_000; index++)
            {
                appender.CreateRow().AppendValue($"{index:D32}").EndRow();
            }
        }));

        Assert.Equal("rows of the table t that need more than the 8 MB of the database; name fewer records", exception.Message);
    }
}
