using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Workloads.Datasets;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class DatasetUseTests
{
    private const string Chats =
        """
        {"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "12345678"},
        """
        + """
         {"role": "assistant", "content": "1234"}, {"role": "user", "content": "5"}, {"role": "assistant", "content": "123456"}]}
        {"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}
        """;

    [Fact]
    public void For_CountsTheWholeHistory_WhenTurnsFollowEachOther()
    {
        RequestSchedule schedule = DatasetSamples.Schedule(Chats, 3, new ClosedLoopArrival { Concurrency = 1 });

        // Four letters a token, each message rounded up. System 8 letters: 2. User 8: 2. Answer 4: 1. User 1: 1.
        Assert.Equal([4, 6, 3], schedule.Requests.Select(request => request.InputTokens));

        // The answers have 4, 6 and 1 letters.
        Assert.Equal([1, 2, 1], schedule.Requests.Select(request => request.OutputTokens));
        Assert.Equal([0, 1, 0], schedule.Requests.Select(request => request.Turn ?? -1));
        Assert.Equal([0, 0, 1], schedule.Requests.Select(request => request.PrefixGroup ?? -1));

        // The second turn knows the first prompt, and the second chat the instruction of 2 tokens.
        Assert.Equal([0, 4, 2], schedule.Requests.Select(request => request.SharedPrefixTokens));
        Assert.True(schedule is { HasChats: true, HasEstimatedInputs: true, VaryingSessions: 2 });
    }

    [Fact]
    public void For_TakesTheFirstTurns_WhenTheirNumberIsLimited()
    {
        RequestSchedule schedule = DatasetSamples.Schedule(
            Chats, 2, new ClosedLoopArrival { Concurrency = 1 }, workload => workload with { Sessions = new Sessions { Turns = 1 } });

        Assert.Equal([4, 3], schedule.Requests.Select(request => request.InputTokens));
        Assert.All(schedule.Requests, request => Assert.Null(request.Turn));
        Assert.Null(schedule.VaryingSessions);
    }

    [Fact]
    public void For_SendsConversationsAgainAndSaysSo_WhenTheDatasetIsUsedUp()
    {
        RequestSchedule schedule = DatasetSamples.Schedule("{\"prompt\": \"12345678\", \"output_tokens\": 5}", 3);

        // Of a prompt of 2 tokens that was sent before, all but the last can be known.
        Assert.Equal([0, 1, 1], schedule.Requests.Select(request => request.SharedPrefixTokens));
        Assert.Same(schedule.Requests[0].Conversation, schedule.Requests[2].Conversation);
        Assert.Contains("set.json: 2 of 3 conversations are sent again, so that a prefix cache may know them", schedule.Notes);
    }

    [Fact]
    public void For_TakesStatedLengths_InPlaceOfThoseOfTheText()
    {
        RequestSchedule schedule = DatasetSamples.Schedule(
            """{"prompt": "x", "prompt_tokens_count": 40, "output_tokens_count": 7}""",
            2,
            change: workload => workload with { Lengths = new DatasetLengths { Output = new FixedLength { Tokens = 9 } } });

        Assert.Equal((40, 9), (schedule.Requests[1].InputTokens, schedule.Requests[1].OutputTokens));
    }

    [Fact]
    public void For_DrawsTheSameRequests_WhenTheSeedIsTheSame()
    {
        string text = string.Join(
            '\n', Enumerable.Range(1, 50).Select(number => $$"""{"prompt": "p{{number}}", "output_tokens": {{number}}}"""));

        int[] Outputs(ulong seed) =>
        [
            .. DatasetSamples.Schedule(text, 20, change: workload => workload with
            {
                Seed = seed, Dataset = workload.Dataset! with { Order = DatasetOrder.Shuffled },
            }).Requests.Select(request => request.OutputTokens),
        ];

        Assert.Equal(Outputs(1), Outputs(1));
        Assert.NotEqual(Outputs(1), Outputs(2));
        Assert.Equal(20, Outputs(1).Distinct().Count());
    }

    [Fact]
    public void For_CountsWithTheTokenizer_WhenThereIsOne()
    {
        using TemporaryFolder folder = new();
        string tokenizer = folder.Write("tokenizer.json", TinyTokenizer.Json);

        RequestSchedule schedule = DatasetSamples.Schedule(
            """{"prompt": "hello you", "output_tokens": 5}""",
            1,
            change: workload => workload with { Dataset = workload.Dataset! with { Tokenizer = tokenizer } });

        // "hell" is one token, and each of the other five letters is one. At four letters a token it would be three.
        Assert.Equal(6, schedule.Requests[0].InputTokens);
        Assert.Contains(schedule.Notes, note => note.Contains("counted with tokenizer.json", StringComparison.Ordinal));
    }

    [Fact]
    public void For_AsksForAnOutputLength_WhenPromptsAreVerse()
    {
        Workload verse = Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 }, new DatasetLengths(), 3) with
        {
            Dataset = new DatasetSource { Format = DatasetFormat.Sonnet, PromptTokens = 30, SharedTokens = 10 },
        };

        Assert.Throws<InvalidInputException>(() => RequestSchedule.For(verse));

        RequestSchedule schedule = RequestSchedule.For(
            verse with { Lengths = new DatasetLengths { Output = new FixedLength { Tokens = 5 } } });
        Assert.All(schedule.Requests, request => Assert.Equal((30, 5), (request.InputTokens, request.OutputTokens)));
        Assert.Equal([0, 10, 10], schedule.Requests.Select(request => request.SharedPrefixTokens));
    }

    [Fact]
    public void For_SendsEachTurnAfterItsDelay_InAnOpenLoop()
    {
        RequestSchedule schedule = DatasetSamples.Schedule(
            """{"session_id": "s", "turns": [{"text": "a"}, {"text": "b", "delay": 2500}, {"text": "c"}]}""",
            4,
            change: workload => workload with
            {
                Lengths = new DatasetLengths { Output = new FixedLength { Tokens = 9 } },
                Sessions = new Sessions { ThinkSeconds = 1 },
            });

        // Requests arrive one a second from second 0. The turns of a session have its arrival, and the next session is the fourth request.
        Assert.Equal([0, 0, 0, 3], schedule.Requests.Select(request => request.ScheduledSeconds));
        Assert.Equal([0, 2.5, 1, 0], schedule.Requests.Select(request => request.ThinkSeconds));
    }
}
