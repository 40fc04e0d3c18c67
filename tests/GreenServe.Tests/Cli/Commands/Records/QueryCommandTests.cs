using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Tables;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class QueryCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public QueryCommandTests()
    {
        new SyntheticRun { Batch = 2, Waves = 3 }.Write(folder.PathOf("runs/a"));
        new SyntheticRun { Waves = 4 }.Write(folder.PathOf("runs/b"));
    }

    [Fact]
    public async Task Query_AnswersOverAllRecords_WhenTheyAreBelowAFolder()
    {
        CommandResult result = await QueryAsync(
            "SELECT run, count(*) AS n, sum(energy_joules) AS joules FROM requests GROUP BY run ORDER BY run", "--format", "csv");

        // A wave is 0.5 s at 600 W and 1 s at 300 W: 600 J.
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(["run,n,joules", "a,6,1800", "b,4,2400"], result.Output.Trim().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Query_JoinsRunsAndTables_WhenTheFormatIsJson()
    {
        CommandResult result = await QueryAsync(
            "SELECT r.run, r.joules_per_output_token AS j, max(s.start_seconds) AS last "
                + "FROM runs r JOIN steps s USING (run) GROUP BY ALL ORDER BY r.run;",
            "--format", "json");

        JsonArray rows = JsonNode.Parse(result.Output)!.AsArray();
        Assert.Equal(2, rows.Count);
        Assert.Equal("b", (string?)rows[1]!["run"]);
        Assert.Equal((3 * 1.5) + 0.5 + 0.9, (double)rows[1]!["last"]!, 1e-9);
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')")]
    [InlineData("SELECT * FROM glob('/*')")]
    [InlineData("COPY requests TO '/tmp/greenserve-must-not-exist.csv'")]
    [InlineData("SELECT 1; COPY requests TO '/tmp/greenserve-must-not-exist.csv'")]
    [InlineData("SELECT 1) ; ATTACH '/tmp/greenserve-must-not-exist.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("SET enable_external_access=true")]
    public async Task Query_Refuses_WhenTheQueryReachesBeyondTheRecords(string query)
    {
        CommandResult result = await QueryAsync(query);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.StartsWith("query: got ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/greenserve-must-not-exist.csv"));
        Assert.DoesNotContain("root:", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_StopsAfterItsTime_WhenTheQueryNeverEnds()
    {
        CommandResult result = await QueryAsync("SELECT count(*) FROM range(1000000000000) a", "--limit-seconds", "1");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("1 s", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Rows are written as they are found. Kept, those of a second would take a gigabyte.</summary>
    [Fact]
    public async Task Query_LeavesNoFile_WhenTheAnswerNeverEnds()
    {
        string path = folder.PathOf("answer.csv");

        CommandResult result = await QueryAsync(
            "SELECT * FROM range(1000000000000)", "--format", "csv", "--limit-seconds", "1", "--out", path);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("the query took longer than 1 s", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Query_SaysThatThereIsMore_WhenRowsAreCut()
    {
        CommandResult result = await QueryAsync("SELECT id FROM requests", "--rows", "3");

        Assert.Contains("The first 3 rows", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ReplacesControlCharacters_WhenARecordHoldsThem()
    {
        CommandResult result = await QueryAsync("SELECT 'red ' || chr(27) || '[31m [bold]' AS text");

        Assert.DoesNotContain('\u001b', result.Output);
        Assert.Contains("[bold]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT ';' AS a", ";")]
    [InlineData("SELECT 1 AS \"a;b\"", "a;b")]
    [InlineData("SELECT 'it''s; so' AS a;", "it's; so")]
    public async Task Query_TakesASemicolonInQuotes_AsText(string query, string expected)
    {
        CommandResult result = await QueryAsync(query, "--format", "csv");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1); CREATE TABLE x AS (SELECT 2")]
    [InlineData("SELECT E'\\' ' ; SELECT '")]
    [InlineData("SELECT 1 -- it's\n; SELECT '2'")]
    [InlineData("SELECT $$'$$; SELECT '2'")]
    [InlineData("SELECT 1 /* ' */; SELECT '2'")]
    public async Task Query_Refuses_WhenASecondStatementHidesBehindAQuote(string query)
    {
        CommandResult result = await QueryAsync(query);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("one SELECT without a semicolon", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_GuardsFormulas_WhenTheFormatIsCsv()
    {
        CommandResult result = await QueryAsync("SELECT '=cmd' AS a, '-3.2' AS b, -3.2 AS c", "--format", "csv");

        Assert.Equal(["a,b,c", "'=cmd,-3.2,-3.2"], result.Output.Trim().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Query_LeavesTheOldFile_WhenItFails()
    {
        string path = folder.Write("answer.csv", "old");

        CommandResult result = await QueryAsync("SELECT nothing FROM requests", "--out", path);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public async Task Query_NamesTheRow_WhenARecordIsDamaged()
    {
        string requests = Path.Combine(folder.PathOf("runs/b"), RunFiles.Requests);
        string[] lines = File.ReadAllLines(requests);
        lines[2] = lines[2].Replace("completed", "eaten", StringComparison.Ordinal).Replace("0.5", "half", StringComparison.Ordinal);
        File.WriteAllLines(requests, lines);

        CommandResult result = await QueryAsync("SELECT count(*) FROM runs");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("requests.csv:3:", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rows", "0")]
    [InlineData("--limit-seconds", "0")]
    public async Task Query_NamesTheOption_WhenItIsOutOfRange(string option, string value)
    {
        CommandResult result = await QueryAsync("SELECT 1", option, value);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> QueryAsync(string query, params string[] options) =>
        CommandRunner.RunAsync(["query", query, folder.PathOf("runs"), .. options]);
}
