using CsCheck;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Tests.Workloads.Datasets;

public sealed class VerseTests
{
    [Fact]
    public void Prompt_BeginsEquallyAndThenDiffers_UnderOneSeed() => Gen.Select(Gen.Int[0, 300], Gen.Int[1, 300]).Sample(
        (shared, own) =>
        {
            string first = Verse.Prompt(seed: 1, number: 0, shared, shared + own);
            string second = Verse.Prompt(seed: 1, number: 1, shared, shared + own);

            // A token is estimated at four letters.
            Assert.Equal((4 * (shared + own), 4 * (shared + own)), (first.Length, second.Length));
            Assert.Equal(first[..(4 * shared)], second[..(4 * shared)]);
            Assert.True(own < 30 || first[(4 * shared)..] != second[(4 * shared)..]);
        },
        iter: 200);

    [Fact]
    public void Text_IsTheSame_ForTheSameSeedAndNumber()
    {
        Assert.Equal(Verse.Text(3, 4, 50), Verse.Text(3, 4, 50));
        Assert.NotEqual(Verse.Text(3, 4, 50), Verse.Text(3, 5, 50));
    }
}
