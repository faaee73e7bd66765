using System.Globalization;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Says why a call was not answered in time: who made it, and what it waits for down to the call that does not end.</summary>
internal static class CallTimeout
{
    private const int LongestChain = 32;

    internal static TimeoutException Describe(GrainCall call, TimeSpan after)
    {
        var frames = new List<GrainCall>();
        for (var frame = call; frame is not null && frames.Count < LongestChain; frame = frame.Parent)
            frames.Insert(0, frame);
        for (var frame = call.LatestChild; frame is not null && frames.Count < LongestChain && !frames.Contains(frame); frame = frame.LatestChild)
            frames.Add(frame);

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{call.MethodName} of {call.Target} did not answer within {after}. Chain: ");
        var activations = new Dictionary<GrainId, GrainCall>();
        GrainCall? blocked = null;
        foreach (var frame in frames)
        {
            text.Append(frame == frames[0] ? "" : " -> ").Append(CultureInfo.InvariantCulture, $"{frame.Target} {frame.MethodName}");
            text.Append(frame.RunsOn is null ? " (waiting for its turn)" : " (running)");
            if (frame.RunsOn is null && activations.ContainsKey(frame.Target))
                blocked = frame;
            activations.TryAdd(frame.Target, frame);
        }
        text.Append('.');
        if (blocked is not null)
        {
            text.Append(CultureInfo.InvariantCulture,
                $" Deadlock: the chain comes back to {blocked.Target}, which is busy with {activations[blocked.Target].MethodName} and is not reentrant.");
        }
        return new TimeoutException(text.ToString());
    }
}
