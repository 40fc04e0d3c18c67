using System.IO.Compression;
using System.Text;
using CsCheck;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Datasets;

public sealed class DatasetFileTests
{
    private const string Chat =
        """{"id": "a", "conversations": [{"from": "gpt", "value": "skipped"}, {"from": "human", "value": "one"}, """
        + """{"from": "gpt", "value": "two"}, {"from": "human", "value": "three"}]}""";

    private static readonly Gen<string>[] Begins =
    [
        .. new[] { "", "{\"prompt\": \"x\"}\n", "[", "[{\"messages\": [", "{\"turns\": [" }.Select(Gen.Const),
    ];

    [Theory]
    [InlineData("""{"prompt": "hello"}""", DatasetFormat.Vllm)]
    [InlineData("""{"prompt": "hello", "output_tokens": 5}""", DatasetFormat.Vllm)]
    [InlineData("""{"prompt": "hello", "prompt_tokens_count": 1, "output_tokens_count": 5}""", DatasetFormat.Guidellm)]
    [InlineData("""{"question": "hello", "system_prompt": "be brief"}""", DatasetFormat.Guidellm)]
    [InlineData("""{"text": "hello"}""", DatasetFormat.Aiperf)]
    [InlineData("""{"session_id": "s", "turns": [{"text": "hello"}]}""", DatasetFormat.Aiperf)]
    [InlineData(Chat, DatasetFormat.Sharegpt)]
    [InlineData("[" + Chat + "]", DatasetFormat.Sharegpt)]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]}""", DatasetFormat.Messages)]
    public void Read_RecognizesTheFormat_ByTheFirstEntry(string text, DatasetFormat format)
    {
        Dataset dataset = DatasetSamples.Read(text);

        Assert.Equal(format, dataset.Format);
        Assert.Equal(1, dataset.Count);
    }

    [Fact]
    public void Read_TakesEachMessageOfTheUserBeforeAnAnswerAsATurn_WhenTheFileIsShareGpt()
    {
        Conversation conversation = Assert.Single(DatasetSamples.Read("[\n" + Chat + "\n]").Conversations);

        // The model's first words answer nothing. The last message has no answer, so no length follows from it.
        Assert.Equal(("a", 2, 2, 1), (conversation.Name, conversation.Line, conversation.TurnCount, conversation.TurnsWithOutput));
        Assert.Equal(["User: one"], DatasetSamples.Messages(conversation, 0));
        Assert.Equal(["User: one", "Assistant: two", "User: three"], DatasetSamples.Messages(conversation, 1));
    }

    [Fact]
    public void Read_KeepsInstructionDelayAndLengths_WhenTurnsAreAiperfs()
    {
        Conversation conversation = Assert.Single(DatasetSamples.Read(
            """{"session_id": "s", "turns": [{"role": "system", "text": "be brief"}, {"text": "one", "output_length": 3}, """
            + """{"text": "two", "delay": 1500}]}""").Conversations);

        Assert.Equal(["System: be brief", "User: one"], DatasetSamples.Messages(conversation, 0));
        Assert.Equal((3, 1.5), (conversation.TurnAt(0).OutputTokens, conversation.TurnAt(1).DelaySeconds));

        // Roles alternate: three tokens of verse, twelve letters, stand in for the answer that the file lacks.
        string[] second = DatasetSamples.Messages(conversation, 1);
        Assert.Equal("Assistant: ".Length + 12, second[2].Length);
        Assert.Equal("User: two", second[3]);
    }

    [Fact]
    public void Read_NamesEveryBadLine_WithWhatWasFoundAndWhatIsAllowed()
    {
        string[] lines =
        [
            """{"prompt": "fine", "output_tokens": 3}""",
            """{"prompt": 5, "output_tokens": 3}""",
            "no json",
            """{"text": "x", "output_tokens": 3}""",
            """{"prompt": "\ud83d", "output_tokens": -2}""",
            """{"prompt": "", "output_tokens": 3}""",
            """{"prompt": "x"}""",
            "[1]",
        ];

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => DatasetSamples.Read(string.Join('\n', lines), needsOutputs: true));

        string[] found = [.. exception.Problems.Select(problem => $"{problem.Line} {problem.Place}: {problem.Found ?? "nothing"}")];
        Assert.Equal(
            [
                "2 prompt: Number", "3 entry: text that is no JSON", "4 prompt: nothing", "5 prompt: half of a character",
                "5 output_tokens: -2", "6 prompt: ''", "7 output_tokens: nothing", "8 entry: Array",
            ],
            found);
        Assert.All(exception.Problems, problem => Assert.EndsWith("set.json", problem.File, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ListsTwentyProblemsAndCountsAll_WhenThereAreMore()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DatasetSamples.Read(
            """{"prompt": "x"}""" + string.Concat(Enumerable.Repeat("\n{}", 30))));

        Assert.Equal(21, exception.Problems.Count);
        Assert.Equal("30 problems in all", exception.Problems[^1].Found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\n\n")]
    [InlineData("{\"columns\": 1}")]
    [InlineData("[{\"prompt\": \"x\"}")]
    [InlineData("[{\"prompt\": \"x\"},, {\"prompt\": \"x\"}]")]
    [InlineData("[{\"prompt\": \"x\"}] more")]
    [InlineData("{\"conversations\": [{\"from\": \"cat\", \"value\": \"x\"}]}")]
    [InlineData("{\"conversations\": 3}")]
    public void Read_RefusesWhatIsNoDataset(string text) =>
        Assert.Throws<InvalidInputException>(() => DatasetSamples.Read(text));

    [Fact]
    public void Read_EndsAtAnEntryOfMoreThan16Mebibytes()
    {
        string text = """{"prompt": "x"}""" + "\n{\"prompt\": \"" + new string('x', JsonEntries.MaxEntryBytes) + "\"}\n";

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => DatasetSamples.Read(text)).Problems);

        Assert.Equal((2, "more than 16777216 bytes"), (problem.Line, problem.Found));
    }

    [Fact]
    public void Read_NamesTheLineAndTheLimit_WhenTextThatStandsInForAnswersWouldBeTooLong()
    {
        // Four letters a token: an answer of 4,194,304 tokens fills the 16 MiB of a conversation, and the words before it are too many.
        static string Turns(int tokens) =>
            "{\"turns\": [{\"text\": \"x\", \"output_length\": " + tokens + "}, {\"text\": \"y\", \"output_length\": 10000000}]}";

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(
            () => DatasetSamples.Read($"{Turns(1)}\n{Turns(4_194_304)}\n{Turns(2)}")).Problems);

        Assert.Equal((2, "turns"), (problem.Line, problem.Place));
        Assert.EndsWith("set.json", problem.File, StringComparison.Ordinal);
        Assert.StartsWith("at most 16777216 bytes of text", problem.Allowed, StringComparison.Ordinal);

        // Nothing stands in for the answer of the last turn, however long it is.
        Assert.Equal(2, DatasetSamples.Read($"{Turns(1)}\n{Turns(2)}").Count);
    }

    [Fact]
    public void Read_LeavesOutChatsWithoutAnAnswer_WhenOutputsComeFromTheDataset()
    {
        string text = Chat + "\n" + """{"conversations": [{"from": "human", "value": "alone"}]}""";

        Dataset answered = DatasetSamples.Read(text, needsOutputs: true);

        Assert.Equal((1, 1L), (answered.Conversations.Count, answered.LeftOut));
        Assert.Equal(2, DatasetSamples.Read(text).Conversations.Count);
    }

    [Fact]
    public void Read_UnpacksAFileThatEndsInGz()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("set.jsonl.gz");
        using (GZipStream packed = new(File.Create(path), CompressionLevel.Fastest))
        {
            packed.Write("{\"prompt\": \"x\"}\n"u8);
        }

        Dataset dataset = DatasetFile.Read(new DatasetSource { File = path }, folder: null, most: 1, seed: 1, needsOutputs: false);

        Assert.Equal(1, dataset.Count);
    }

    /// <summary>Whatever a file holds, it is cut into entries whose lines are in the file, or refused.</summary>
    [Fact]
    public void Read_ReadsOrRefuses_WhateverTheFileHolds() =>
        Gen.Select(Gen.OneOf(Begins), Gen.String[Gen.Char["{}[],:\"\\ \nax1\u00e9"], 0, 60]).Sample(
            (begin, rest) =>
            {
                string text = begin + rest;
                RowProblems problems = new("set.json");
                using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
                foreach (JsonEntry entry in new JsonEntries(stream, problems).Read())
                {
                    Assert.InRange(entry.Line, 1, 1 + text.Count(letter => letter == '\n'));
                    Assert.False(entry.Utf8.IsEmpty);
                }

                try
                {
                    Assert.NotEmpty(DatasetSamples.Read(text).Conversations);
                }
                catch (InvalidInputException exception)
                {
                    Assert.NotEmpty(exception.Problems);
                }
            },
            iter: 300);
}
