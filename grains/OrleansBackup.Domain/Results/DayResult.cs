namespace OrleansBackup.Domain.Results;

/// <summary>How the daily backup of one resource went on one day of the contract's calendar. Stored as the letter that is its value: one, once used, keeps its meaning.</summary>
public enum DayResult
{
    /// <summary>It was not protected yet, or nothing is known of that day.</summary>
    Unknown = '-',

    /// <summary>The day's moment is still to come, or a run for it can still be good.</summary>
    Open = 'o',

    Good = 'g',

    /// <summary>Good, but the point owes items or lacks a part.</summary>
    Noticed = 'n',

    /// <summary>No run sealed a point before the next moment, and one failed.</summary>
    Failed = 'f',

    /// <summary>As failed, and no run was tried.</summary>
    Missed = 'm',
}
