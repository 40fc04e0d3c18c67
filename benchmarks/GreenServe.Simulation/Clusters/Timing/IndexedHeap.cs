namespace GreenServe.Simulation.Clusters.Timing;

/// <summary>Finds the smallest of some keys. Changing a key takes logarithmic time. Ties go to the lowest number.</summary>
internal sealed class IndexedHeap
{
    private readonly List<double> keys = [];
    private readonly List<int> heap = [];
    private readonly List<int> places = [];

    /// <summary>Number of the smallest key, from 0.</summary>
    internal int Min => heap[0];

    /// <summary>The smallest key in the heap.</summary>
    internal double MinKey => keys[heap[0]];

    /// <summary>Adds an infinite key, whose number is the count of the keys before it.</summary>
    internal void Add()
    {
        heap.Add(keys.Count);
        places.Add(keys.Count);
        keys.Add(double.PositiveInfinity);
    }

    /// <summary>Changes the key with a number.</summary>
    internal void Set(int number, double key)
    {
        keys[number] = key;
        int place = places[number];
        while (place > 0 && Precedes(heap[place], heap[(place - 1) / 2]))
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }

        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= heap.Count)
            {
                return;
            }

            child += child + 1 < heap.Count && Precedes(heap[child + 1], heap[child]) ? 1 : 0;
            if (!Precedes(heap[child], heap[place]))
            {
                return;
            }

            Swap(place, child);
            place = child;
        }
    }

    private bool Precedes(int left, int right) => keys[left] < keys[right] || (keys[left] == keys[right] && left < right);

    private void Swap(int left, int right)
    {
        (heap[left], heap[right]) = (heap[right], heap[left]);
        places[heap[left]] = left;
        places[heap[right]] = right;
    }
}
