DROP FUNCTION intake_hand_over
--;
DROP FUNCTION intake_reporter_revealed
--;
DROP FUNCTION intake_receipt
--;
DROP POLICY granted ON intakes
--;
DROP TABLE intake_safety_measures
--;
DROP TABLE intake_assessments
--;
DROP TABLE intake_updates
--;
DROP TABLE intake_transfers
--;
DROP TABLE intake_reporters
--;
DROP TABLE intake_children
--;
DROP TABLE intake_grants
--;
DROP TABLE intakes
