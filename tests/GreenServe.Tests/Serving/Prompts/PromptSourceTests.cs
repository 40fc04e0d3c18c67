using GreenServe.Serving.Prompts;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Serving.Prompts;

public sealed class PromptSourceTests
{
    private static readonly PromptSource Source = new(seed: 1, salt: 2);

    [Fact]
    public void TokenIds_AreAsManyAsAsked_AndWithinTheRange()
    {
        int[] tokens = Source.TokenIds(Request(0, 5000), 1000, 1100);

        Assert.Equal(5000, tokens.Length);
        Assert.All(tokens, token => Assert.InRange(token, 1000, 1099));

        // Uniform over 100 values: 50 each, standard deviation 7; six of them is far away.
        Assert.All(tokens.GroupBy(token => token), group => Assert.InRange(group.Count(), 8, 92));
    }

    [Fact]
    public void TokenIds_RepeatExactly_ForTheSameSeedAndSalt() =>
        Assert.Equal(Source.TokenIds(Request(7, 100), 0, 30_000), new PromptSource(1, 2).TokenIds(Request(7, 100), 0, 30_000));

    [Fact]
    public void TokenIds_ShareNoPrefix_BetweenRequestsRunsAndSeeds()
    {
        int[] tokens = Source.TokenIds(Request(7, 16), 0, 30_000);

        // A prefix cache works in blocks of tokens: the first block must differ already.
        Assert.True(Common(tokens, Source.TokenIds(Request(8, 16), 0, 30_000)) < 3);
        Assert.True(Common(tokens, new PromptSource(1, 3).TokenIds(Request(7, 16), 0, 30_000)) < 3);
        Assert.True(Common(tokens, new PromptSource(2, 2).TokenIds(Request(7, 16), 0, 30_000)) < 3);
    }

    [Fact]
    public void TokenIds_ShareExactlyTheGroupsPrefix()
    {
        ScheduledRequest one = Request(1, 100) with { PrefixGroup = 5, SharedPrefixTokens = 40 };
        ScheduledRequest two = Request(2, 300) with { PrefixGroup = 5, SharedPrefixTokens = 40 };
        ScheduledRequest other = Request(3, 100) with { PrefixGroup = 6, SharedPrefixTokens = 40 };

        int common = Common(Source.TokenIds(one, 0, 30_000), Source.TokenIds(two, 0, 30_000));

        Assert.InRange(common, 40, 42);
        Assert.True(Common(Source.TokenIds(one, 0, 30_000), Source.TokenIds(other, 0, 30_000)) < 3);
    }

    [Fact]
    public void TokenIds_OfAGrowingPrefix_ContinueASession()
    {
        // A conversation is a group whose shared prefix grows: each turn begins with all of the turns before.
        ScheduledRequest first = Request(1, 50) with { PrefixGroup = 5, SharedPrefixTokens = 50 };
        ScheduledRequest second = Request(2, 120) with { PrefixGroup = 5, SharedPrefixTokens = 100 };

        Assert.Equal(50, Common(Source.TokenIds(first, 0, 30_000), Source.TokenIds(second, 0, 30_000)));
    }

    [Fact]
    public void TokenIds_OfATurn_BeginWithThePromptBeforeAndAStandInForItsOutput()
    {
        // Two turns of 50 new tokens with 20 of output between, and the first turn of another session.
        ScheduledRequest first = Request(6, 50) with { PrefixGroup = 3, Turn = 0 };
        ScheduledRequest second = Request(7, 120) with { PrefixGroup = 3, Turn = 1, SharedPrefixTokens = 50 };
        ScheduledRequest third = Request(8, 190) with { PrefixGroup = 3, Turn = 2, SharedPrefixTokens = 120 };
        int[] tokens = Source.TokenIds(third, 0, 30_000);

        Assert.Equal(tokens[..50], Source.TokenIds(first, 0, 30_000));
        Assert.Equal(tokens[..120], Source.TokenIds(second, 0, 30_000));
        Assert.True(Common(tokens, Source.TokenIds(Request(9, 50) with { PrefixGroup = 4, Turn = 0 }, 0, 30_000)) < 3);
        Assert.StartsWith(Source.Text(second, 120, tokensPerWord: 1), Source.Text(third, 190, tokensPerWord: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_HasAsManyWordsAsAsked()
    {
        string text = Source.Text(Request(0, 100), 100, tokensPerWord: 1);

        Assert.Equal(100, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.NotEqual(text, Source.Text(Request(1, 100), 100, tokensPerWord: 1));
    }

    [Fact]
    public void Text_SharesTheGroupsPart()
    {
        ScheduledRequest one = Request(1, 100) with { PrefixGroup = 5, SharedPrefixTokens = 40 };
        ScheduledRequest two = Request(2, 100) with { PrefixGroup = 5, SharedPrefixTokens = 40 };

        string[] first = Source.Text(one, 100, tokensPerWord: 1).Split(' ');
        string[] second = Source.Text(two, 100, tokensPerWord: 1).Split(' ');

        Assert.Equal(first[..41], second[..41]);
        Assert.NotEqual(first[41..60], second[41..60]);
    }

    [Fact]
    public void TokenIds_AreTheSame_WhereBlocksAreTheSame()
    {
        // Blocks of 16 tokens: 2 in common, then one of its own, and 5 tokens that no block covers.
        int[] one = Source.TokenIds(Request(1, 53) with { Blocks = Blocks(7, 8, 9) }, 0, 30_000);
        int[] two = Source.TokenIds(Request(2, 60) with { Blocks = Blocks(7, 8, 10) }, 0, 30_000);
        int[] cut = Source.TokenIds(Request(3, 20) with { Blocks = Blocks(7, 8) }, 0, 30_000);
        int[] again = Source.TokenIds(Request(4, 53) with { Blocks = Blocks(7, 8, 9) with { Lap = 1 } }, 0, 30_000);

        Assert.Equal(53, one.Length);
        Assert.Equal(32, Common(one, two));
        Assert.Equal(20, Common(one, cut));
        Assert.True(Common(one, again) < 3);
        Assert.True(Common(one[48..], two[48..]) < 3);
    }

    [Fact]
    public void Text_HasEqualBlocks_WhateverTheLengthOfThePrompt()
    {
        // 16 tokens are 8 words at two tokens a word, also where the words of the whole prompt were rounded.
        string[] one = Source.Text(Request(1, 53) with { Blocks = Blocks(7, 8, 9) }, 27, tokensPerWord: 2).Trim().Split(' ');
        string[] two = Source.Text(Request(2, 640) with { Blocks = Blocks(7, 8, 10) }, 311, tokensPerWord: 2).Trim().Split(' ');

        Assert.Equal((27, 311), (one.Length, two.Length));
        Assert.Equal(one[..16], two[..16]);
        Assert.NotEqual(one[16..24], two[16..24]);
    }

    private static PromptBlocks Blocks(params int[] hashIds) => new(16, hashIds, Lap: 0, Path: hashIds);

    private static ScheduledRequest Request(long id, int tokens) => new(id, 0, default, tokens, 1);

    private static int Common(int[] left, int[] right) => left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
}
