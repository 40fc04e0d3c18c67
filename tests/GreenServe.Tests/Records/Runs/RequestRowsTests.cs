using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

/// <summary>Values of a record that no run can have left. Each is refused with file, line, what was found and what is allowed.</summary>
public sealed class RequestRowsTests : IDisposable
{
    private const string Header = "id,class,scheduled_seconds,issued_seconds,first_token_seconds,completed_seconds,"
        + "input_tokens_asked,input_tokens_counted,output_tokens_asked,output_tokens_counted,status,error\n";

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("0,SS,0,0,0.5,1,5,5,5,5,completed,\n0,SS,0,0,0.5,1,5,5,5,5,completed,", ":3: id: got 0, want an id that no row above has")]
    [InlineData("-1,SS,0,0,0.5,1,5,5,5,5,completed,", ":2: id: got -1, want a whole number in [0, 19999999]")]
    [InlineData("0,SS,0,0,0.5,1,5,5,5,-5,completed,", "output_tokens_counted: got -5, want a whole number in [0, 2147483647]")]
    [InlineData(
        "0,SS,0,0,0.5,1,5,5,3000000000,5,completed,",
        "output_tokens_asked: got 3000000000, want a whole number in [0, 2147483647]")]
    [InlineData(
        "0,SS,0,0,0.5,1e999,5,5,5,5,completed,",
        "completed_seconds: got 1e999, want a finite number in [-1000000000000, 1000000000000]")]
    [InlineData("0,XX,0,0,0.5,1,5,5,5,5,completed,", "class: got XX, want one of SS, SM, SL, MS, MM, ML, LS, LM, LL")]
    [InlineData("0,SS,0,0,0.5,,5,5,5,5,completed,", "completed_seconds: got nothing, want a time, since the request completed")]
    public void Requests_AreRefused_WhenARowCannotBe(string rows, string expected)
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        File.WriteAllText(Path.Combine(run, RunFiles.Requests), $"{Header}{rows}\n");

        InvalidInputException reading = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run).Requests);
        InvalidInputException visiting = Assert.Throws<InvalidInputException>(
            () => RunRecord.Read(run).ForEachRow(
                RecordTable.All[0],
                row => _ = (row.Number("completed_seconds"), row.Whole("output_tokens_asked"), row.Whole("output_tokens_counted"))));

        Assert.EndsWith(expected, reading.Message, StringComparison.Ordinal);
        Assert.Contains(RunFiles.Requests, visiting.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SS,4294967297,0.1,1", "bin: got 4294967297, want a whole number in [0, 7167]")]
    [InlineData("SS,-1,0.1,1", "bin: got -1, want a whole number in [0, 7167]")]
    [InlineData("SS,5,0.1,9223372036854775807", "count: got 9223372036854775807, want a whole number in [0, 1000000000000]")]
    [InlineData("SS,5,0.1,-1", "count: got -1, want a whole number in [0, 1000000000000]")]
    [InlineData("SS,5,0.1,1\nSS,5,0.1,1", ":3: bin: got 5, want each bin once")]
    public void TokenGaps_AreRefused_WhenABinCannotBe(string rows, string expected)
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        File.WriteAllText(Path.Combine(run, RunFiles.TokenGaps), $"class,bin,seconds,count\n{rows}\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run).TokenGaps);

        Assert.EndsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MiddleSeconds_IsFinite_InTheLargestBinThatIsAllowed() =>
        // The largest bin ends at 2^62 ns (4.61e9 s) and is 1/256 of that wide. The edges of the next bin add up to more than 2^63.
        Assert.InRange(LatencyHistogram.MiddleSeconds(7167), 4.59e9, 4.612e9);

    [Theory]
    [InlineData(
        "\"tensor_parallelism\": 1",
        "\"tensor_parallelism\": -1",
        "$.knobs.tensor_parallelism: got -1, want a whole number in [1, 64]")]
    [InlineData("\"seed\": 1", "\"seed\": -1", "$.seed: got -1, want a whole number")]
    [InlineData("\"warm_up_seconds\": 0", "\"warm_up_seconds\": 1e999", "$.warm_up_seconds: got Infinity, want a number in [0, ")]
    [InlineData("\"evidence\": \"simulated\"", "\"evidence\": \"bogus\"", "$.evidence: got 'bogus', want one of simulated")]
    [InlineData("\"backend\": \"simulated\"", "\"backend\": 5", "$.backend: got 5, want one of simulated, engine, openai, load command")]
    [InlineData("\"model\": \"", "\"model\": null, \"x\": \"", "$.model: got nothing, want text")]
    public void Read_NamesFileLineAndRange_WhenTheManifestCannotBe(string good, string bad, string expected)
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        string manifest = Path.Combine(run, RunFiles.Manifest);
        string text = File.ReadAllText(manifest);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(manifest, text.Replace(good, bad, StringComparison.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.All(exception.Problems, problem => Assert.NotNull(problem.Line));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("true")]
    public void Read_WantsAMapping_WhenTheRootIsAnotherValue(string manifest)
    {
        folder.Write(RunFiles.Manifest, manifest);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(folder.Root));

        Assert.EndsWith("want a mapping (key: value)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_AreRefused_WhenTheTableIsMissing()
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        File.Delete(Path.Combine(run, RunFiles.Requests));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run).Requests);

        Assert.EndsWith("requests.csv: table: got nothing, want the requests of the run", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("no-such-file", "nothing")]
    public void Requests_AreRefused_WhenTheTableIsALinkToNoFile(string target, string found)
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        File.Delete(Path.Combine(run, RunFiles.Requests));
        File.CreateSymbolicLink(Path.Combine(run, RunFiles.Requests), target);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run).Requests);

        Assert.Contains($"got {found}, want a regular file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_AreRefused_WhenALineHasNoEnd()
    {
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        File.WriteAllText(Path.Combine(run, RunFiles.Requests), Header + new string('x', 3_000_000));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunRecord.Read(run).Requests);

        Assert.Contains("row: got more than 1048576 letters", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
