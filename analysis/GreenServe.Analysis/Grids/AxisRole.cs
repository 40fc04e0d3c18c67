namespace GreenServe.Analysis.Grids;

/// <summary>The part that an axis plays in a question.</summary>
internal enum AxisRole
{
    /// <summary>The operator turns the axis: its values are the settings among which the least is sought.</summary>
    Knob,

    /// <summary>The axis says what is asked, for example a length or a load.</summary>
    Input,

    /// <summary>
    /// The axis says what is asked about, for example a model. Where an experiment varies no knob, the values of this axis are compared.
    /// </summary>
    Subject,

    /// <summary>
    /// The column is no axis of its own: its value follows from the place on the axes, as the system follows from the kind of GPU.
    /// </summary>
    Follower,
}

/// <summary>Which value of a knob an operator gets who turns nothing. A knob that is not set has that value in any case.</summary>
internal enum DefaultPlace
{
    /// <summary>The first value of the table.</summary>
    First,

    /// <summary>The highest value, which is also the highest that is possible.</summary>
    HighestPossible,

    /// <summary>The highest value that was tried.</summary>
    Highest,

    /// <summary>The number format in which models are published: bf16, or the widest where that was not tried.</summary>
    SixteenBits,
}
