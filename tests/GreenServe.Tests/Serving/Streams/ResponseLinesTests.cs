using System.Text;
using CsCheck;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Streams;

public sealed class ResponseLinesTests
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly Gen<string> Line = Gen.String[Gen.Char["abc: {}\""], 0, 12];

    [Fact]
    public void Read_FindsTheSameLines_HoweverTheyEndAndHoweverTheBytesAreCut() =>
        Gen.Select(Line.Array[0, 20], Gen.Int[0, 2], Gen.Int[1, 9], Gen.Bool).Sample((lines, end, cut, hasLastEnd) =>
        {
            string body = string.Join(LineEnds[end], lines) + (hasLastEnd ? LineEnds[end] : "");

            LineList taken = ReadAsync(Encoding.ASCII.GetBytes(body), cut).GetAwaiter().GetResult();

            // Without a last line end the last line is the rest; with one the rest is empty.
            string[] expected = lines.Length == 0 && !hasLastEnd ? [""] : hasLastEnd ? [.. lines.DefaultIfEmpty(""), ""] : lines;
            Assert.Equal(expected, taken.All);
        });

    [Fact]
    public async Task Read_TakesLongLines_AndLeavesOutAByteOrderMark()
    {
        string longLine = new('a', 100_000);

        LineList taken = await ReadAsync([0xEF, 0xBB, 0xBF, .. Encoding.ASCII.GetBytes($"{longLine}\nb")], 7000);

        Assert.Equal([longLine, "b"], taken.All);
    }

    private static async Task<LineList> ReadAsync(byte[] body, int cut)
    {
        RequestTrace trace = new(new ScheduledRequest(0, 0, default, 1, 1), 0, TimeProvider.System);
        OutputReading reading = new(trace, OpenAiChunkFormat.Instance, new StreamRules(true, true, true));
        await using CutStream stream = new(body, cut);
        LineList lines = new();
        using ResponseLines response = new(lines, reading);
        await response.ReadAsync(stream, CancellationToken.None);
        return lines;
    }

    private sealed class LineList : ILineTaker
    {
        internal List<string> All { get; } = [];

        public void Take(ReadOnlySpan<byte> line) => All.Add(Encoding.ASCII.GetString(line));

        public void TakeEnd(ReadOnlySpan<byte> rest) => All.Add(Encoding.ASCII.GetString(rest));
    }
}
