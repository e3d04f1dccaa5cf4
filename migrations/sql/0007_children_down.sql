DROP FUNCTION announce_sixteenth_birthdays
--;
DROP FUNCTION note_personal_id
--;
DROP FUNCTION search_children
--;
DROP FUNCTION mended_names
--;
DROP FUNCTION turned_names
--;
DROP FUNCTION near_name_words
--;
DROP TABLE child_name_words, possible_doubles, child_changes, child_identifiers, child_guardians, child_circumstances,
    children, household_members, households
--;
DROP FUNCTION learn_name_words
--;
DROP FUNCTION mark_sensitive_circumstance
--;
DROP FUNCTION circumstance_is_sensitive
--;
DROP FUNCTION access.is_mine
--;
DROP FUNCTION children_kept_from_me
--;
DROP EXTENSION fuzzystrmatch
