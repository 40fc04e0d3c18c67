using System.IO.Compression;
using System.Text;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class TraceTextTests : IDisposable
{
    private const string Text = "arrival_seconds,input_tokens,output_tokens\n0,1,10\n10,2,20\n";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Read_GivesTheSameTrace_WhenTheFileIsCompressed()
    {
        string plain = folder.Write("t.csv", Text);
        string compressed = Compress("t.csv.gz", Text);

        Assert.Equal(TraceFile.Read(plain).Requests, TraceFile.Read(compressed).Requests);
        Assert.Equal(TraceFile.ComputeSha256(plain), TraceFile.ComputeSha256(compressed));
    }

    [Fact]
    public void Read_TellsTheFormat_WhenCompressedLinesAreJson()
    {
        string path = Compress("t.jsonl.gz", "{\"timestamp\": 0, \"input_length\": 3, \"output_length\": 4}\n");

        Trace trace = TraceFile.Read(path);

        Assert.Equal(TraceFormat.Mooncake, trace.Format);
        Assert.Equal([new TraceRequest(0, 3, 4)], trace.Requests);
    }

    [Fact]
    public void OpenBytes_ReadsUpToTheLimit_AndRefusesMore()
    {
        // A million equal letters pack into about a thousand bytes.
        string path = Compress("bomb.csv.gz", new string('1', 1_000_000));
        using Stream within = TraceText.OpenBytes(path, maxUnpackedBytes: 1_000_000);
        using Stream beyond = TraceText.OpenBytes(path, maxUnpackedBytes: 999_999);

        within.CopyTo(Stream.Null);
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => beyond.CopyTo(Stream.Null));

        Assert.Equal(
            $"{path}: file: got more than 999999 bytes of text once unpacked, want a smaller trace, or the same trace not compressed",
            exception.Message);
    }

    [Fact]
    public void Read_RefusesTheFile_WhenItIsNotCompressedAtAll()
    {
        string path = folder.Write("t.csv.gz", Text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TraceFile.Read(path));

        Assert.StartsWith($"{path}: file: got ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RefusesTheFile_WhenItIsCutShort()
    {
        string rows = string.Concat(Enumerable.Range(11, 10_000).Select(second => $"{second},{second % 97},3\n"));
        string path = Compress("t.csv.gz", Text + rows);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.Throws<InvalidInputException>(() => TraceFile.Read(path));
    }

    [Fact]
    public void Read_RefusesTheFile_WhenTheHashOfItsTextIsAnother()
    {
        Compress("t.csv.gz", Text);
        TraceSource source = new() { File = "t.csv.gz", Sha256 = new string('0', 64) };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TraceFile.Read(source, folder.Root));

        Assert.Contains("the trace this workload is made for", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Compress(string name, string text)
    {
        string path = folder.PathOf(name);
        using GZipStream stream = new(File.Create(path), CompressionLevel.Optimal);
        stream.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
