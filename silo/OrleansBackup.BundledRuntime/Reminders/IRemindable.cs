using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that can be reminded.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>One tick. The next one of the same reminder comes only after this has ended.</summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A reminder that a grain has registered.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    /// <summary>Which tick of a reminder this is. Times are UTC.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        /// <summary>When the tick was due that the schedule counts from.</summary>
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        [Id(1)]
        public TimeSpan Period { get; } = period;

        /// <summary>When this tick was sent, which may be later than it was due.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;

        public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
    }

    /// <summary>A reminder could not be registered or found.</summary>
    [GenerateSerializer]
    public sealed class ReminderException : OrleansException
    {
        public ReminderException() { }
        public ReminderException(string message) : base(message) { }
        public ReminderException(string message, Exception innerException) : base(message, innerException) { }
    }
}
