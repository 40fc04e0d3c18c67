using GreenServe.Records;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Datasets;

/// <summary>
/// Keeps the conversations of a dataset that a schedule takes, in the order in which it takes them. The others are forgotten while the file
/// is read, so that a large file takes no more memory than what is sent of it.
/// </summary>
/// <param name="order">The order in which conversations are taken.</param>
/// <param name="most">Number of conversations that are kept at most.</param>
/// <param name="seed">Seed of the shuffled order.</param>
/// <param name="file">The file, for messages.</param>
/// <remarks>
/// The shuffled order sorts the conversations by a random number that each of them draws. The first ones of that order are those with the
/// smallest numbers, which are known without knowing how many conversations there are.
/// </remarks>
internal sealed class ConversationSample(DatasetOrder order, int most, ulong seed, string file)
{
    /// <summary>Text that is kept at most: a gigabyte, which is larger than the public collections of chats.</summary>
    internal const long MaxKeptBytes = 1L << 30;

    private readonly RandomSequence random = new(RandomNames.Dataset, seed);
    private readonly PriorityQueue<Conversation, (ulong Key, long Number)> kept = new(
        Comparer<(ulong Key, long Number)>.Create((left, right) => right.CompareTo(left)));
    private long keptBytes;

    /// <summary>Number of conversations that were offered.</summary>
    internal long Count { get; private set; }

    /// <summary>Offers the next conversation of the file.</summary>
    /// <exception cref="InvalidInputException">What is kept is larger than a gigabyte.</exception>
    internal void Offer(Conversation conversation)
    {
        long number = Count++;
        (ulong, long) place = (order == DatasetOrder.Shuffled ? random.NextBits() : 0, number);
        if (kept.Count == most && kept.TryPeek(out _, out (ulong Key, long Number) last) && place.CompareTo(last) > 0)
        {
            return;
        }

        kept.Enqueue(conversation, place);
        keptBytes += conversation.Bytes - (kept.Count > most ? kept.Dequeue().Bytes : 0);
        if (keptBytes > MaxKeptBytes)
        {
            throw new InvalidInputException(new Problem(
                "entries",
                $"more than {MaxKeptBytes} bytes of text to send",
                $"at most {MaxKeptBytes}: a smaller dataset, or fewer requests",
                file,
                conversation.Line));
        }
    }

    /// <summary>The conversations in the order in which they are taken. The sample is empty afterwards.</summary>
    internal Conversation[] Take()
    {
        Conversation[] taken = new Conversation[kept.Count];
        for (int place = taken.Length - 1; place >= 0; place--)
        {
            taken[place] = kept.Dequeue();
        }

        return taken;
    }
}
