using System.Security.Cryptography;
using System.Text;
using CsCheck;
using GreenServe.Records;
using GreenServe.Tests.Workloads.Lengths;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class RequestScheduleTests
{
    private static readonly Gen<ArrivalProcess> AnyArrival = Gen.OneOf(
        Gen.Double[0.1, 100].Select(rate => (ArrivalProcess)new ConstantArrival { RequestsPerSecond = rate }),
        Gen.Double[0.1, 100].Select(rate => (ArrivalProcess)new PoissonArrival { RequestsPerSecond = rate }),
        Gen.Select(
            Gen.Double[0.1, 100],
            Gen.Double[0.1, 20],
            (rate, variation) => (ArrivalProcess)new GammaArrival { RequestsPerSecond = rate, CoefficientOfVariation = variation }),
        Gen.Select(
            Gen.Double[0.1, 100],
            Gen.Double[1, 50],
            (rate, seconds) => (ArrivalProcess)new OnOffArrival { RequestsPerSecond = rate, OnSeconds = seconds, OffSeconds = seconds }),
        Gen.Select(
            Gen.Int[1, 64],
            Gen.Double[0, 5],
            (users, seconds) => (ArrivalProcess)new ClosedLoopArrival
            {
                Concurrency = users,
                ThinkSeconds = seconds,
                ThinkDistribution = ThinkDistribution.Exponential,
            }));

    private static readonly Gen<LengthDistribution> AnyLength = Gen.OneOf(
        Gen.Int[1, 8192].Select(tokens => (LengthDistribution)new FixedLength { Tokens = tokens }),
        Gen.Select(
            Gen.Int[1, 1000],
            Gen.Int[0, 5000],
            (least, more) => (LengthDistribution)new UniformLength { MinTokens = least, MaxTokens = least + more }),
        Gen.Select(
            Gen.Double[10, 2000],
            Gen.Double[0, 2],
            (median, sigma) => (LengthDistribution)new LognormalLength { MedianTokens = median, Sigma = sigma }));

    private static readonly Gen<LengthModel> AnyLengths = Gen.OneOf(
        Gen.Select(AnyLength, AnyLength, (input, output) => (LengthModel)new IndependentLengths { Input = input, Output = output }),
        Gen.Double[0.1, 10].Select(
            weight => (LengthModel)LengthTests.Mix(new Dictionary<string, double> { ["SS"] = 1, ["MM"] = weight, ["LL"] = 2 })));

    private static readonly Gen<Workload> AnyWorkload = Gen.Select(AnyArrival, AnyLengths, Gen.ULong[0, 1000], (arrival, lengths, seed) =>
        Samples.Workload(arrival, lengths, requests: 60) with { Seed = seed });

    [Fact]
    public void For_GivesTheSameBytes_ForTheSameWorkload() =>
        AnyWorkload.Sample(workload => Text(RequestSchedule.For(workload)) == Text(RequestSchedule.For(workload)));

    [Fact]
    public void For_LeavesEveryArrivalWhereItWas_WhenLengthsChange() =>
        Gen.Select(AnyWorkload, AnyLengths).Sample((workload, lengths) =>
            Times(workload).SequenceEqual(Times(workload with { Lengths = lengths })));

    [Fact]
    public void For_LeavesEveryLengthAsItWas_WhenArrivalsChange() =>
        Gen.Select(AnyWorkload, AnyArrival).Sample((workload, arrival) =>
            Lengths(workload).SequenceEqual(Lengths(workload with { Arrival = arrival })));

    [Fact]
    public void For_LeavesOutputsAsTheyWere_WhenInputsChange() =>
        Gen.Select(AnyArrival, AnyLength, AnyLength, AnyLength).Sample((arrival, output, one, other) =>
        {
            Workload workload = Samples.Workload(arrival, new IndependentLengths { Input = one, Output = output }, requests: 60);
            Workload changed = workload with { Lengths = new IndependentLengths { Input = other, Output = output } };
            return Lengths(workload).Select(pair => pair.Output).SequenceEqual(Lengths(changed).Select(pair => pair.Output));
        });

    [Fact]
    public void For_LeavesTheRestAsItWas_WhenPromptsAreShared() =>
        Gen.Select(AnyWorkload, Gen.Int[1, 9], Gen.Double[0.01, 1]).Sample((workload, groups, share) =>
        {
            Workload shared = workload with { PrefixSharing = new PrefixSharing { Groups = groups, SharedShare = share } };
            return Times(workload).SequenceEqual(Times(shared)) && Lengths(workload).SequenceEqual(Lengths(shared))
                && RequestSchedule.For(shared).Requests.All(request =>
                    request.PrefixGroup >= 0 && request.PrefixGroup < groups
                    && request.SharedPrefixTokens >= 0 && request.SharedPrefixTokens < request.InputTokens);
        });

    [Fact]
    public void For_AddsTheHistoryToEachTurn_AndLeavesTheRestAsItWas() =>
        Gen.Select(AnyLengths, Gen.Int[1, 7], Gen.Int[1, 9], Gen.Double[0, 3]).Sample((lengths, turns, users, think) =>
        {
            Workload alone = Samples.Workload(new ClosedLoopArrival { Concurrency = users, ThinkSeconds = think }, lengths, requests: 60);
            IReadOnlyList<ScheduledRequest> drawn = RequestSchedule.For(alone).Requests;
            RequestSchedule schedule = RequestSchedule.For(alone with { Sessions = new Sessions { Turns = turns } });
            return schedule.Requests.Count == 60 && schedule.Requests.All(request =>
            {
                // A prompt is all input of its session so far and all output before it.
                int id = (int)request.Id;
                int first = id / turns * turns;
                int input = Enumerable
                    .Range(first, id - first + 1)
                    .Sum(index => drawn[index].InputTokens) + Enumerable
                    .Range(first, id - first)
                    .Sum(index => drawn[index].OutputTokens);
                return request.InputTokens == input && request.OutputTokens == drawn[id].OutputTokens && request.Class == alone.Classes
                    .Classify(input, request.OutputTokens)
                    && request.PrefixGroup == id / turns && request.Turn == id - first
                    && request.SharedPrefixTokens == (id == first ? 0 : schedule.Requests[id - 1].InputTokens)
                    && request.ThinkSeconds == (id == first && id / turns < users ? 0 : Math.Round(think, 6))
                    && schedule.TurnAfter(request) == ((id + 1) % turns == 0 || id == 59 ? null : id + 1);
            });
        });

    [Fact]
    public void For_GivesLengthsByClosedForm_WhenTurnsAreAlike()
    {
        Workload workload = Samples.Workload(new ClosedLoopArrival { Concurrency = 2 }, Samples.Fixed(100, 30), requests: 6) with
        {
            Sessions = new Sessions { Turns = 4 },
        };

        RequestSchedule schedule = RequestSchedule.For(workload);

        // Turn k: k + 1 inputs of 100 and k outputs of 30; the second session is cut short.
        Assert.Equal([100, 230, 360, 490, 100, 230], schedule.Requests.Select(request => request.InputTokens));
        Assert.Equal([0, 4, 1, 5, 2, 3], schedule.InOrderOfNeed().Select(request => request.Id));
        Assert.Equal(4, schedule.FirstFreeFrom(1));
        Assert.Equal(6, schedule.FirstFreeFrom(5));
    }

    [Fact]
    public void For_RefusesSessions_WhosePromptsNoNumberHolds()
    {
        LengthModel lengths = Samples.Fixed(10_000_000, 10_000_000);
        Workload workload = Samples.Workload(new ClosedLoopArrival { Concurrency = 2 }, lengths, requests: 200) with
        {
            Sessions = new Sessions { Turns = 200 },
        };

        Assert.Contains(
            "want fewer turns or shorter lengths",
            Assert.Throws<InvalidInputException>(() => RequestSchedule.For(workload)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ToCanonicalJson_LeavesSessionsOut_WhereThereAreNone() =>
        Assert.DoesNotContain(
            "sessions", Samples.Workload(new ClosedLoopArrival { Concurrency = 2 }).ToCanonicalJson(), StringComparison.Ordinal);

    [Fact]
    public void For_GivesTheSameBeginning_WhenMoreRequestsAreAsked() =>
        AnyWorkload.Sample(workload => RequestSchedule.For(workload with { Requests = 200 }).Requests.Take(60)
            .SequenceEqual(RequestSchedule.For(workload).Requests));

    [Fact]
    public void For_AddsTheRepetitionToTheSeed() => AnyWorkload.Sample(workload =>
        Text(RequestSchedule.For(workload, repetition: 3)) == Text(RequestSchedule.For(workload with { Seed = workload.Seed + 3 })));

    [Fact]
    public void For_GivesOtherRequests_WhenTheSeedChanges()
    {
        Workload workload = Samples.Workload(new PoissonArrival { RequestsPerSecond = 1 });

        Assert.NotEqual(Times(workload), Times(workload with { Seed = 2 }));
    }

    [Fact]
    public void For_GivesTheseBytes_OnEveryMachine()
    {
        // One of each dimension. Another hash means that a generator or one of these workloads changed, and with it published results.
        string[] parts =
        [
            Text(RequestSchedule.For(WorkloadCatalog.Read("azure-conversation-2023"))),
            Text(RequestSchedule.For(WorkloadCatalog.Read("shared-prefix"))),
            Text(RequestSchedule.For(WorkloadCatalog.Read("ramp"))),
            Text(
                RequestSchedule.For(
                    Samples.Workload(
                        new ClosedLoopArrival { Concurrency = 4, ThinkSeconds = 2, ThinkDistribution = ThinkDistribution.Exponential }))),
        ];

        Assert.Equal(
            "ea6271363e0c755f7ec7f700ab078b4a2af2b3e186b2d5002b24ff4a4935c70f",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts)))));
    }

    [Fact]
    public void For_EndsBeforeTheDuration_AndKeepsTheWarmUp()
    {
        Workload workload = Samples.Workload(new ConstantArrival { RequestsPerSecond = 2 }, requests: null, seconds: 3) with
        {
            WarmUpSeconds = 1,
        };

        RequestSchedule schedule = RequestSchedule.For(workload);

        Assert.Equal([0, 0.5, 1, 1.5, 2, 2.5], schedule.Requests.Select(request => request.ScheduledSeconds));
        Assert.Equal(1, schedule.WarmUpSeconds);
        Assert.Equal(3, schedule.DurationSeconds);
    }

    [Fact]
    public void For_RefusesTheWorkload_WhenNothingArrivesInTime()
    {
        Workload workload = Samples.Workload(new PoissonArrival { RequestsPerSecond = 1e-6 }, requests: null, seconds: 1);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RequestSchedule.For(workload));

        Assert.Contains("want at least one request", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_GivesOneRowARequest_WithSixDecimals()
    {
        Workload workload = Samples.Workload(new ConstantArrival { RequestsPerSecond = 3 }, requests: 2) with
        {
            PrefixSharing = new PrefixSharing { Groups = 1, SharedShare = 0.5 },
        };

        Assert.Equal(
            "id,scheduled_seconds,class,input_tokens,output_tokens,prefix_group,shared_prefix_tokens,think_seconds\n"
            + "0,0.000000,MM,512,128,0,256,0.000000\n1,0.333333,MM,512,128,0,256,0.000000\n",
            Text(RequestSchedule.For(workload)));
    }

    private static string Text(RequestSchedule schedule)
    {
        using StringWriter writer = new();
        schedule.Write(writer);
        return writer.ToString();
    }

    private static IEnumerable<double> Times(Workload workload) =>
        RequestSchedule.For(workload).Requests.Select(request => request.ScheduledSeconds + request.ThinkSeconds);

    private static IEnumerable<(int Input, int Output)> Lengths(Workload workload) =>
        RequestSchedule.For(workload).Requests.Select(request => (request.InputTokens, request.OutputTokens));
}
