using System.Diagnostics;
using System.Globalization;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;
using Xunit.Abstractions;

namespace GreenServe.Tests.EndToEnd;

/// <summary>
/// A run that is killed leaves every request that the server finished more than a second before: the server's own log says which.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string KillsVariable = "GREENSERVE_TEST_KILLS";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);
    private readonly TemporaryFolder folder = new();

    private static TimeProvider Clock => TimeProvider.System;

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// Four users in step: after the first four requests nothing ends for 2 s, so that no later row can push the first ones to the disk.
    /// </summary>
    [SkippableFact]
    public async Task Run_KeepsWhatTheServerFinished_ThoughNothingFollows()
    {
        // 20 tokens with gaps of 0.1 s: a wave takes 0.05 s + 1.9 s, and the kill comes 1.5 s after the first one.
        const int Users = 4;
        FixedScheduleOptions times = new() { FirstTokenSeconds = 0.05, TokenGapSeconds = 0.1 };
        Killed killed = await KillAsync(
            0, Users, outputTokens: 20, times, log => Finished(log, 20).Count() < Users, TimeSpan.FromSeconds(1.5));

        Assert.Equal(Users, killed.Promised);
        Assert.Empty(killed.Lost);
    }

    /// <summary>Kills at any moment of a run, the first ones while it starts.</summary>
    [SkippableFact]
    public async Task Run_KeepsWhatTheServerFinished_WheneverItIsKilled()
    {
        string? text = Environment.GetEnvironmentVariable(KillsVariable);
        Skip.If(text is null, $"takes minutes: set {KillsVariable} to the number of kills");
        int kills = int.Parse(text, CultureInfo.InvariantCulture);
        Random random = new(1);
        (int promised, int kept, int begun) = (0, 0, 0);
        for (int kill = 0; kill < kills; kill++)
        {
            FixedScheduleOptions times = new() { FirstTokenSeconds = 0.02, TokenGapSeconds = random.NextDouble() * 0.05 };
            TimeSpan delay = TimeSpan.FromSeconds(random.NextDouble() * 5);

            // Every fourth kill may hit the start of the run. The others come after the server has sent its first token.
            bool waitsForLoad = kill % 4 != 0;
            Killed killed = await KillAsync(
                kill, users: 1 + random.Next(16), outputTokens: 1 + random.Next(20), times,
                log => waitsForLoad && !log.Read().Any(entry => entry.Tokens > 0), delay);

            Assert.Empty(killed.Lost);
            promised += killed.Promised;
            begun += killed.HasRecord ? 1 : 0;
            kept += killed.Rows;
        }

        Assert.True(kills < 4 || promised > 0, "no kill came a second after a request");
        output.WriteLine($"{kills} kills, {begun} after the record was begun, {promised} requests promised, {kept} kept, 0 lost");
    }

    /// <summary>The server that a run has started, and what that has started, end when the run is killed.</summary>
    [SkippableFact]
    public async Task Server_EndsWithItsRun_WhenTheRunIsKilled()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");

        // A number that no other process has on its command line. The server never becomes ready.
        string marker = $"88{Random.Shared.Next(100_000, 999_999)}";
        string server = folder.Write("never.yaml", $"""
            command: [/bin/sh, -c, "sleep {marker} & sleep {marker}"]
            ready_seconds: 600
            stop_seconds: 1
            """);
        using Process run = Start("run", Workload("never", users: 1, outputTokens: 2), "--backend", "openai", "--server", server,
            "--out", folder.PathOf("never"), "--meters", "none");
        await UntilAsync(() => ProcessList.With($"sleep\0{marker}").Count == 2, run);

        run.Kill();
        await run.WaitForExitAsync();

        await UntilAsync(() => ProcessList.With(marker).Count == 0);
    }

    /// <summary>Starts a run, waits, kills it, and compares its record with the server's log.</summary>
    private async Task<Killed> KillAsync(
        int number, int users, int outputTokens, FixedScheduleOptions times, Func<SendLog, bool> waits, TimeSpan delay)
    {
        SendLog log = new();
        await using FixedScheduleEngine engine = new(times);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, SendLog = log });
        string record = folder.PathOf($"{number}");
        using Process run = Start("run", Workload($"{number}", users, outputTokens), "--backend", "openai",
            "--endpoint", $"{server.Address}", "--meters", "none", "--out", record);
        await UntilAsync(() => !waits(log), run);
        await Task.Delay(delay, Clock);
        long at = Clock.GetTimestamp();
        run.Kill();
        await run.WaitForExitAsync();
        return Compare(record, log, outputTokens, at);
    }

    private static Process Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
        Skip.IfNot(File.Exists(program), "greenserve.dll does not lie beside the tests");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
    }

    /// <summary>Waits for something that comes however slow the machine is.</summary>
    private static async Task UntilAsync(Func<bool> condition, Process? run = null)
    {
        while (!condition())
        {
            Assert.False(run?.HasExited ?? false, "the run ended before it was killed");
            await Task.Delay(TimeSpan.FromMilliseconds(10), Clock);
        }
    }

    private string Workload(string name, int users, int outputTokens) => folder.Write($"{name}.workload.yaml", $$"""
        name: killed
        purpose: a run that is killed
        source: none
        model: llama-2-70b
        arrival: { kind: closed_loop, concurrency: {{users}} }
        lengths:
          kind: independent
          input: { kind: fixed, tokens: 16 }
          output: { kind: fixed, tokens: {{outputTokens}} }
        requests: 100000
        """);

    private static Killed Compare(string record, SendLog log, int outputTokens, long killedAt)
    {
        long[] promised = [.. Finished(log, outputTokens)
            .Where(request => Clock.GetElapsedTime(request.At, killedAt) > Promised).Select(request => request.Id)];
        if (!File.Exists(Path.Combine(record, RunFiles.Manifest)))
        {
            return new Killed(false, promised.Length, 0, promised);
        }

        RunRecord killed = RunRecord.Read(record);
        Assert.True(killed.Manifest.Verdict.IsInterrupted);
        long[] kept = [.. killed.Requests.Where(request => request.Status == RequestStatus.Completed).Select(request => request.Id)];
        return new Killed(true, promised.Length, kept.Length, [.. promised.Except(kept)]);
    }

    /// <summary>
    /// The requests whose last token the server has handed to the socket, with that moment. The client names a request by a number of its
    /// own and the request's id.
    /// </summary>
    private static IEnumerable<(long Id, long At)> Finished(SendLog log, int outputTokens) => log.Read()
        .GroupBy(entry => entry.RequestId)
        .Where(request => request.Sum(entry => entry.Tokens) >= outputTokens)
        .Select(request => (
            long.Parse(request.Key[(request.Key.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture),
            request.Max(entry => entry.Timestamp)));

    /// <summary>What a killed run left.</summary>
    /// <param name="HasRecord">Whether the run had begun its record.</param>
    /// <param name="Promised">Requests that the server had finished more than a second before the kill.</param>
    /// <param name="Rows">Completed requests in the record.</param>
    /// <param name="Lost">Promised requests that are not in the record.</param>
    private sealed record Killed(bool HasRecord, int Promised, int Rows, long[] Lost);
}
