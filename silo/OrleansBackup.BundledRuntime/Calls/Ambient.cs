namespace Orleans.Runtime;

/// <summary>What flows with the awaits of one call: which call it is, and the request context it came with.</summary>
/// <remarks>
/// One async local for both, and a call is its own ambient, so the usual call costs one assignment and no allocation here.
/// No other async local crosses from grain to grain: in a cluster none could.
/// </remarks>
internal abstract class Ambient
{
    private static readonly AsyncLocal<Ambient?> Flowing = new();

    internal static Ambient? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>The call that the running code belongs to; null outside of grains.</summary>
    internal abstract GrainCall? Call { get; }

    /// <summary>The request context as it crosses to a grain: a copy, unless all of it never changes.</summary>
    internal static Dictionary<string, object>? ValuesToSend(Ambient? ambient)
    {
        if (ambient?.Values is not { } values)
            return null;
        foreach (var value in values.Values)
        {
            if (value is not string and not ValueType)
                return Copiers.Get<Dictionary<string, object>>().Copy(values, new CopyContext());
        }
        return values; // replaced whole when changed, so it can be shared
    }

    /// <summary>Never changed once it is here: a change makes a new ambient.</summary>
    internal Dictionary<string, object>? Values { get; init; }
}

/// <summary>The ambient after the request context was changed.</summary>
internal sealed class ChangedAmbient(GrainCall? call) : Ambient
{
    internal override GrainCall? Call => call;
}
